package io.millrace.ingest.kafka;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Record batches as Kafka's own producers write them, whole or damaged.
final class Batches {

    private Batches() {}

    /// Records with keys and values, and the rig's time.
    static MemoryRecords records(CompressionType type, int count) {
        return records(type, count, IngestRig.NOW);
    }

    static MemoryRecords records(CompressionType type, int count, long timestamp) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(timestamp + i, bytes("key" + i), bytes("value" + i));
        }
        return MemoryRecords.withRecords(Compression.of(type).build(), records);
    }

    static MemoryRecords keyless(CompressionType type) {
        return MemoryRecords.withRecords(
                Compression.of(type).build(),
                new SimpleRecord(IngestRig.NOW, bytes("k"), bytes("v")),
                new SimpleRecord(IngestRig.NOW, null, bytes("v")));
    }

    /// A batch that is small as it is and large when decompressed.
    static MemoryRecords bomb(CompressionType type, int valueBytes) {
        return MemoryRecords.withRecords(
                Compression.of(type).build(), new SimpleRecord(IngestRig.NOW, bytes("k"), new byte[valueBytes]));
    }

    static MemoryRecords idempotent(long producerId, int sequence, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(IngestRig.NOW, bytes("k"), bytes("v" + i));
        }
        return MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) 0, sequence, records);
    }

    static RecordBatch batch(MemoryRecords records) {
        return RecordBatch.view(records.buffer());
    }

    /// The same bytes with some overwritten, and a checksum that fits them.
    static RecordBatch with(RecordBatch batch, int position, byte... bytes) {
        ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes()).put(batch.buffer());
        copy.position(position);
        copy.put(bytes).flip().limit(copy.capacity());
        return RecordBatch.view(sealed(copy));
    }

    /// The header of this batch with other records behind it.
    static RecordBatch withRecords(RecordBatch batch, byte... records) {
        ByteBuffer copy = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + records.length);
        copy.put(batch.buffer().limit(RecordBatch.HEADER_BYTES)).put(records).flip();
        copy.putInt(8, copy.limit() - RecordBatch.LOG_OVERHEAD_BYTES);
        return RecordBatch.view(sealed(copy));
    }

    static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static ByteBuffer sealed(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(21));
        return batch.putInt(17, (int) crc.getValue());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
