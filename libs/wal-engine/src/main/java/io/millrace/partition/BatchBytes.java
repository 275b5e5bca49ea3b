package io.millrace.partition;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The one change to a batch that lies inside its checksum: topics with message.timestamp.type=LogAppendTime.
///
/// Source: Kafka documentation, "Message format"; the base timestamp stays, readers take the max timestamp for all.
final class BatchBytes {

    private static final int LENGTH_POSITION = 8;
    private static final int CRC_POSITION = 17;
    private static final int ATTRIBUTES_POSITION = 21;
    private static final int MAX_TIMESTAMP_POSITION = 35;
    private static final int LOG_OVERHEAD_BYTES = 12;
    private static final int TIMESTAMP_TYPE_MASK = 0x08;

    private BatchBytes() {}

    static void setLogAppendTime(ByteBuffer bytes, int start, long timeMillis) {
        short attributes = bytes.getShort(start + ATTRIBUTES_POSITION);
        bytes.putShort(start + ATTRIBUTES_POSITION, (short) (attributes | TIMESTAMP_TYPE_MASK));
        bytes.putLong(start + MAX_TIMESTAMP_POSITION, timeMillis);
        int size = bytes.getInt(start + LENGTH_POSITION) + LOG_OVERHEAD_BYTES;
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(start + ATTRIBUTES_POSITION, size - ATTRIBUTES_POSITION));
        bytes.putInt(start + CRC_POSITION, (int) crc.getValue());
    }
}
