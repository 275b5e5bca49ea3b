package io.millrace.api.http;

import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Watermarks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Range reads as bytes; each partition's answer is a frame of its own, so that it lands in a buffer of its own.
final class ReadCodec {

    private static final int REQUEST_BYTES = ModelCodec.PARTITION_ID_BYTES + Long.BYTES + Integer.BYTES;
    private static final int BATCHES_HEAD_BYTES = 1 + 3 * Long.BYTES + Integer.BYTES;

    private static final int BATCHES = 1;
    private static final int OUT_OF_RANGE = 2;
    private static final int REFUSED = 3;
    private static final int UNKNOWN = 4;

    private ReadCodec() {}

    record Reads(List<ReadRequest> requests, long totalBytesMax) {}

    static void writeRequests(WireWriter out, Reads reads) {
        out.putLong(reads.totalBytesMax()).putInt(reads.requests().size());
        for (ReadRequest request : reads.requests()) {
            ModelCodec.writePartitionId(out, request.partitionId());
            out.putLong(request.fromOffset()).putInt(request.maxBytes());
        }
    }

    static Reads readRequests(WireReader in) {
        long totalBytesMax = in.readLong();
        return new Reads(in.readList(REQUEST_BYTES, ReadCodec::readRequest), totalBytesMax);
    }

    static void writeOutcomes(WireWriter out, List<ReadOutcome> outcomes) {
        outcomes.forEach(outcome -> writeOutcome(out, outcome));
    }

    private static ReadRequest readRequest(WireReader in) {
        PartitionId id = in.readPartitionId();
        return new ReadRequest(id, in.readLong(), in.readInt());
    }

    private static void writeOutcome(WireWriter out, ReadOutcome outcome) {
        switch (outcome) {
            case ReadOutcome.Batches batches -> writeBatches(out, batches);
            case ReadOutcome.OutOfRange(Watermarks watermarks) ->
                framed(out, frame -> ModelCodec.writeWatermarks(frame.putByte(OUT_OF_RANGE), watermarks));
            case ReadOutcome.Refused(Refusal refusal, String message) ->
                framed(
                        out,
                        frame ->
                                frame.putByte(REFUSED).putString(refusal.name()).putString(message));
            case ReadOutcome.Unknown(String message) ->
                framed(out, frame -> frame.putByte(UNKNOWN).putString(message));
        }
    }

    private static void framed(WireWriter out, Consumer<WireWriter> body) {
        long frame = out.beginFrame();
        body.accept(out);
        out.endFrame(frame);
    }

    private static void writeBatches(WireWriter out, ReadOutcome.Batches batches) {
        out.putInt(BATCHES_HEAD_BYTES + batches.sizeInBytes()).putByte(BATCHES);
        ModelCodec.writeWatermarks(out, batches.watermarks());
        for (RecordBatch batch : batches.batches()) {
            out.gather(batch.buffer());
        }
    }

    static ReadOutcome readOutcome(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case BATCHES -> readBatches(in);
            case OUT_OF_RANGE -> new ReadOutcome.OutOfRange(in.readWatermarks());
            case REFUSED -> new ReadOutcome.Refused(in.readRefusal(), in.readString());
            case UNKNOWN -> new ReadOutcome.Unknown(in.readString());
            default -> throw WireReader.unknown("outcome of a read", kind);
        };
    }

    private static ReadOutcome readBatches(WireReader in) {
        Watermarks watermarks = in.readWatermarks();
        List<RecordBatch> batches = new ArrayList<>();
        while (in.remaining() > 0) {
            batches.add(in.readBatch());
        }
        return new ReadOutcome.Batches(batches, watermarks);
    }
}
