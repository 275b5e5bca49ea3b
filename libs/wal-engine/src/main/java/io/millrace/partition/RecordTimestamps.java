package io.millrace.partition;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Looks for a timestamp among the records of an uncompressed batch.
///
/// Threads: stateless. Source: Kafka documentation, "Record": length, attributes, timestamp delta, offset delta.
public final class RecordTimestamps {

    private RecordTimestamps() {}

    /// A record's offset and timestamp.
    public record Found(long offset, long timestampMillis) {}

    /// The first record at or after the offset with this timestamp or a later one.
    public static Optional<Found> find(RecordBatch batch, long timestampMillis, long fromOffset) {
        if (batch.isLogAppendTime()) {
            long offset = Math.max(batch.baseOffset(), fromOffset);
            return batch.maxTimestamp() >= timestampMillis && offset <= batch.lastOffset()
                    ? Optional.of(new Found(offset, batch.maxTimestamp()))
                    : Optional.empty();
        }
        ByteBuffer records = batch.buffer().position(RecordBatch.HEADER_BYTES);
        for (int left = batch.recordCount(); left > 0; left--) {
            long end = varlong(records) + records.position();
            if (end <= records.position() || end > records.limit()) {
                // Accepted from a producer that the listener was told to trust.
                return Optional.empty();
            }
            records.get();
            long timestamp = batch.baseTimestamp() + varlong(records);
            long offset = batch.baseOffset() + varlong(records);
            if (timestamp >= timestampMillis && offset >= fromOffset) {
                return Optional.of(new Found(offset, timestamp));
            }
            records.position((int) end);
        }
        return Optional.empty();
    }

    /// A number in zigzag base 128, at most ten bytes.
    private static long varlong(ByteBuffer source) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && source.hasRemaining(); shift += 7) {
            byte next = source.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value >>> 1 ^ -(value & 1);
    }
}
