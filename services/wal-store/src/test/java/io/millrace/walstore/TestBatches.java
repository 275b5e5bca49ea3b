package io.millrace.walstore;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Record batches of one record, as a producer sends them.
final class TestBatches {

    private static final int SMALL = 63;

    private TestBatches() {}

    /// @param value at most a few bytes, so that each length fits one byte of a varint
    static RecordBatch batchOf(String value) {
        byte[] record = record(value.getBytes(StandardCharsets.UTF_8));
        ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + record.length);
        batch.putLong(0);
        batch.putInt(batch.capacity() - RecordBatch.LOG_OVERHEAD_BYTES);
        batch.putInt(-1).put((byte) 2).putInt(0);
        batch.putShort((short) 0).putInt(0).putLong(1_000).putLong(1_000);
        batch.putLong(-1).putShort((short) -1).putInt(-1).putInt(1);
        batch.put(record);
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(21, batch.capacity() - 21));
        batch.putInt(17, (int) crc.getValue());
        return RecordBatch.view(batch.flip());
    }

    private static byte[] record(byte[] value) {
        if (value.length > SMALL - 8) {
            throw new IllegalArgumentException("the value is too long for this builder");
        }
        int bodyBytes = 6 + value.length;
        ByteBuffer record = ByteBuffer.allocate(1 + bodyBytes);
        record.put(zigzag(bodyBytes)).put((byte) 0).put(zigzag(0)).put(zigzag(0));
        record.put(zigzag(-1)).put(zigzag(value.length)).put(value).put(zigzag(0));
        return record.array();
    }

    private static byte zigzag(int value) {
        return (byte) ((value << 1) ^ (value >> 31));
    }
}
