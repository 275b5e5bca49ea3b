package io.millrace.api.http;

import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.util.List;

/// Questions for offsets and their answers as bytes.
final class OffsetCodec {

    private static final int QUERY_BYTES_MIN = 1 + ModelCodec.PARTITION_ID_BYTES;

    private OffsetCodec() {}

    static void writeQueries(WireWriter out, List<OffsetQuery> queries) {
        out.putInt(queries.size());
        queries.forEach(query -> write(out, query));
    }

    static List<OffsetQuery> readQueries(WireReader in) {
        return in.readList(QUERY_BYTES_MIN, OffsetCodec::read);
    }

    static void writeOutcomes(WireWriter out, List<OffsetOutcome> outcomes) {
        out.putInt(outcomes.size());
        outcomes.forEach(outcome -> writeOutcome(out, outcome));
    }

    static List<OffsetOutcome> readOutcomes(WireReader in) {
        return in.readList(1, OffsetCodec::readOutcome);
    }

    private static void write(WireWriter out, OffsetQuery query) {
        switch (query) {
            case OffsetQuery.Earliest(PartitionId id) -> ModelCodec.writePartitionId(out.putByte(1), id);
            case OffsetQuery.Latest(PartitionId id, IsolationLevel isolationLevel) -> {
                ModelCodec.writePartitionId(out.putByte(2), id);
                out.putString(isolationLevel.name());
            }
            case OffsetQuery.MaxTimestamp(PartitionId id) -> ModelCodec.writePartitionId(out.putByte(3), id);
            case OffsetQuery.AtTimestamp(PartitionId id, long timestampMillis) -> {
                ModelCodec.writePartitionId(out.putByte(4), id);
                out.putLong(timestampMillis);
            }
            case OffsetQuery.EndOfEpoch(PartitionId id, int leaderEpoch) -> {
                ModelCodec.writePartitionId(out.putByte(5), id);
                out.putInt(leaderEpoch);
            }
        }
    }

    private static OffsetQuery read(WireReader in) {
        int kind = in.readByte();
        PartitionId id = in.readPartitionId();
        return switch (kind) {
            case 1 -> new OffsetQuery.Earliest(id);
            case 2 -> new OffsetQuery.Latest(id, IsolationLevel.valueOf(in.readString()));
            case 3 -> new OffsetQuery.MaxTimestamp(id);
            case 4 -> new OffsetQuery.AtTimestamp(id, in.readLong());
            case 5 -> new OffsetQuery.EndOfEpoch(id, in.readInt());
            default -> throw WireReader.unknown("kind of offset query", kind);
        };
    }

    private static void writeOutcome(WireWriter out, OffsetOutcome outcome) {
        switch (outcome) {
            case OffsetOutcome.Found(long offset, long timestampMillis, int leaderEpoch) ->
                out.putByte(1).putLong(offset).putLong(timestampMillis).putInt(leaderEpoch);
            case OffsetOutcome.InBatch(RecordBatch batch, long fromOffset) ->
                out.putByte(5).putLong(fromOffset).gather(batch.buffer());
            case OffsetOutcome.NotFound() -> out.putByte(2);
            case OffsetOutcome.Refused(Refusal refusal, String message) ->
                out.putByte(3).putString(refusal.name()).putString(message);
            case OffsetOutcome.Unknown(String message) -> out.putByte(4).putString(message);
        }
    }

    private static OffsetOutcome readOutcome(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> new OffsetOutcome.Found(in.readLong(), in.readLong(), in.readInt());
            case 2 -> new OffsetOutcome.NotFound();
            case 3 -> new OffsetOutcome.Refused(in.readRefusal(), in.readString());
            case 4 -> new OffsetOutcome.Unknown(in.readString());
            case 5 -> readInBatch(in);
            default -> throw WireReader.unknown("outcome of an offset query", kind);
        };
    }

    private static OffsetOutcome readInBatch(WireReader in) {
        long fromOffset = in.readLong();
        return new OffsetOutcome.InBatch(in.readBatch(), fromOffset);
    }
}
