package io.millrace.e2e.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Record batches as a producer would build them, and some as none should.
public final class Batches {
    private static final int CRC_POSITION = 17;

    /// Not a constant of the past: retention would be right to delete such records.
    private static final long NOW = System.currentTimeMillis();

    private Batches() {}

    /// One uncompressed batch of the values, without keys.
    public static MemoryRecords of(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(NOW + i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    /// One batch of `count` small records named after the prefix.
    public static MemoryRecords numbered(String prefix, int count, Compression compression) {
        return MemoryRecords.withRecords(compression, numberedRecords(prefix, count));
    }

    /// One batch of an idempotent producer.
    public static MemoryRecords idempotent(Sequence sequence, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(NOW, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, sequence.producerId(), sequence.epoch(), sequence.first(), records);
    }

    /// Who sends a batch, and the number of its first record.
    public record Sequence(long producerId, short epoch, int first) {
        public Sequence at(int next) {
            return new Sequence(producerId, epoch, next);
        }

        public Sequence inEpoch(int other) {
            return new Sequence(producerId, (short) other, first);
        }
    }

    /// A batch in the format of Kafka before 0.11.
    public static MemoryRecords ofOldFormat(byte magic, String value) {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        try (MemoryRecordsBuilder builder =
                MemoryRecords.builder(buffer, magic, Compression.NONE, TimestampType.CREATE_TIME, 0)) {
            builder.append(0L, null, value.getBytes(StandardCharsets.UTF_8));
            return builder.build();
        }
    }

    /// The same bytes with one bit of the record data turned, so that the checksum no longer fits.
    public static MemoryRecords withWrongChecksum(MemoryRecords records) {
        ByteBuffer copy = copy(records);
        int last = copy.limit() - 1;
        copy.put(last, (byte) (copy.get(last) ^ 1));
        return MemoryRecords.readableRecords(copy);
    }

    /// The same batch claiming another number of records, with a checksum that fits.
    public static MemoryRecords withCount(MemoryRecords records, int count) {
        ByteBuffer copy = copy(records);
        copy.putInt(57, count);
        copy.putInt(23, count - 1);
        return withRightChecksum(copy);
    }

    public static MemoryRecords twoInOne(MemoryRecords first, MemoryRecords second) {
        ByteBuffer both = ByteBuffer.allocate(first.sizeInBytes() + second.sizeInBytes());
        both.put(first.buffer()).put(second.buffer()).flip();
        return MemoryRecords.readableRecords(both);
    }

    /// The bytes that belong to the producer: everything behind base offset, length, leader epoch, magic and checksum.
    public static ByteBuffer producersBytes(RecordBatch batch) {
        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
        batch.writeTo(bytes);
        return bytes.flip().position(CRC_POSITION).slice();
    }

    private static MemoryRecords withRightChecksum(ByteBuffer batch) {
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(batch.duplicate().position(CRC_POSITION + 4));
        batch.putInt(CRC_POSITION, (int) checksum.getValue());
        return MemoryRecords.readableRecords(batch);
    }

    private static ByteBuffer copy(MemoryRecords records) {
        ByteBuffer copy = ByteBuffer.allocate(records.sizeInBytes());
        return copy.put(records.buffer()).flip();
    }

    private static SimpleRecord[] numberedRecords(String prefix, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(
                    NOW + i,
                    Integer.toString(i).getBytes(StandardCharsets.UTF_8),
                    (prefix + i).getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }
}
