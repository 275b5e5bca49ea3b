package io.millrace.api.http;

import io.millrace.api.TraceId;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The messages of the append stream as bytes.
final class AppendCodec {

    /// What a batch's frame has besides the batch, without the length field.
    static final int APPEND_HEAD_BYTES = 1 + 1 + Long.BYTES + ModelCodec.PARTITION_ID_BYTES;

    static final int TRACE_BYTES = 2 * Long.BYTES;

    private static final int HAS_TRACE = 1;

    private AppendCodec() {}

    /// The first message up: who appends, and which owner it believes in.
    ///
    /// @param clusterId empty if the sender does not know it yet
    /// @param ownerEpochSeen the latest epoch that the sender has seen, 0 for none
    record Opening(
            int protocolVersion,
            String clusterId,
            int shard,
            String instance,
            String incarnation,
            int ownerEpochSeen) {}

    /// The first message down.
    sealed interface Reply {
        record Accepted(String clusterId, int ownerEpoch) implements Reply {}

        record Rejected(Refusal refusal, String message) implements Reply {}
    }

    record Append(long correlationId, PartitionId partitionId, Optional<TraceId> traceId, ByteBuffer batch) {}

    static void writeOpening(WireWriter out, Opening opening) {
        long frame = out.beginFrame();
        out.putByte(FrameType.OPENING)
                .putInt(opening.protocolVersion())
                .putString(opening.clusterId())
                .putInt(opening.shard())
                .putString(opening.instance())
                .putString(opening.incarnation())
                .putInt(opening.ownerEpochSeen());
        out.endFrame(frame);
    }

    static Opening readOpening(WireReader in) {
        return new Opening(in.readInt(), in.readString(), in.readInt(), in.readString(), in.readString(), in.readInt());
    }

    static void writeReply(WireWriter out, Reply reply) {
        long frame = out.beginFrame();
        switch (reply) {
            case Reply.Accepted(String clusterId, int ownerEpoch) ->
                out.putByte(FrameType.ACCEPTED).putString(clusterId).putInt(ownerEpoch);
            case Reply.Rejected(Refusal refusal, String message) ->
                out.putByte(FrameType.REJECTED).putString(refusal.name()).putString(message);
        }
        out.endFrame(frame);
    }

    static Reply.Accepted readAccepted(WireReader in) {
        return new Reply.Accepted(in.readString(), in.readInt());
    }

    static Reply.Rejected readRejected(WireReader in) {
        return new Reply.Rejected(in.readRefusal(), in.readString());
    }

    static int frameBytes(RecordBatch batch, Optional<TraceId> traceId) {
        return APPEND_HEAD_BYTES + (traceId.isPresent() ? TRACE_BYTES : 0) + batch.sizeInBytes();
    }

    static void writeAppend(
            WireWriter out, long correlationId, PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId) {
        out.putInt(frameBytes(batch, traceId))
                .putByte(FrameType.APPEND)
                .putByte(traceId.isPresent() ? HAS_TRACE : 0)
                .putLong(correlationId);
        ModelCodec.writePartitionId(out, partitionId);
        if (traceId.isPresent()) {
            TraceId id = traceId.get();
            out.putLong(id.mostSignificantBits()).putLong(id.leastSignificantBits());
        }
        out.gather(batch.buffer());
    }

    static Append readAppend(WireReader in) {
        int flags = in.readByte();
        long correlationId = in.readLong();
        PartitionId partitionId = in.readPartitionId();
        Optional<TraceId> traceId =
                (flags & HAS_TRACE) == 0 ? Optional.empty() : Optional.of(new TraceId(in.readLong(), in.readLong()));
        return new Append(correlationId, partitionId, traceId, in.readRest());
    }

    static void writeOutcome(WireWriter out, long correlationId, AppendOutcome outcome) {
        out.putLong(correlationId);
        switch (outcome) {
            case AppendOutcome.Appended(long baseOffset, long logStartOffset, long logAppendTimeMillis) ->
                out.putByte(1).putLong(baseOffset).putLong(logStartOffset).putLong(logAppendTimeMillis);
            case AppendOutcome.Duplicate(long baseOffset, long logStartOffset) ->
                out.putByte(2).putLong(baseOffset).putLong(logStartOffset);
            case AppendOutcome.Refused(Refusal refusal, String message) ->
                out.putByte(3).putString(refusal.name()).putString(message);
            case AppendOutcome.Unknown(String message) -> out.putByte(4).putString(message);
        }
    }

    static AppendOutcome readOutcome(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> new AppendOutcome.Appended(in.readLong(), in.readLong(), in.readLong());
            case 2 -> new AppendOutcome.Duplicate(in.readLong(), in.readLong());
            case 3 -> new AppendOutcome.Refused(in.readRefusal(), in.readString());
            case 4 -> new AppendOutcome.Unknown(in.readString());
            default -> throw WireReader.unknown("outcome of an append", kind);
        };
    }
}
