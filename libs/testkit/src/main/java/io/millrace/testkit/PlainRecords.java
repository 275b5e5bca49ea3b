package io.millrace.testkit;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the records of an uncompressed batch, as [BatchBuilder] makes them.
///
/// Threads: stateless. Source: Kafka documentation, "Record".
public final class PlainRecords {

    private PlainRecords() {}

    /// One record.
    public record PlainRecord(
            long offset,
            long timestampMillis,
            @Nullable String key,
            @Nullable String value) {}

    public static List<PlainRecord> of(RecordBatch batch) {
        List<PlainRecord> records = new ArrayList<>();
        ByteBuffer bytes = batch.buffer().position(RecordBatch.HEADER_BYTES);
        for (int left = batch.recordCount(); left > 0; left--) {
            int end = (int) varlong(bytes) + bytes.position();
            bytes.get();
            long timestamp = batch.baseTimestamp() + varlong(bytes);
            long offset = batch.baseOffset() + varlong(bytes);
            records.add(new PlainRecord(offset, timestamp, text(bytes), text(bytes)));
            bytes.position(end);
        }
        return records;
    }

    private static @Nullable String text(ByteBuffer source) {
        int length = (int) varlong(source);
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long varlong(ByteBuffer source) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = source.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value >>> 1 ^ -(value & 1);
    }
}
