package io.millrace.coordinator.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The frame around everything that is stored: format, checksum, content.
///
/// Errors: content that does not match its checksum is a [GroupStoreException], never a shorter log.
final class StoredBytes {

    private static final byte FORMAT = 1;
    static final int HEADER_BYTES = Byte.BYTES + Integer.BYTES;

    private StoredBytes() {}

    /// A buffer for `contentBytes` of content, positioned behind the header; [#seal] completes it.
    static ByteBuffer allocate(int contentBytes) {
        return ByteBuffer.allocate(HEADER_BYTES + contentBytes).position(HEADER_BYTES);
    }

    // The buffer comes from `allocate`, so the array is all of it.
    @SuppressWarnings("ByteBufferBackingArray")
    static byte[] seal(ByteBuffer filled) {
        byte[] bytes = filled.array();
        filled.put(0, FORMAT).putInt(1, checksum(bytes));
        return bytes;
    }

    /// The content, checked.
    static ByteBuffer open(byte[] bytes, Slot slot) throws GroupStoreException {
        if (bytes.length < HEADER_BYTES || bytes[0] != FORMAT) {
            throw new GroupStoreException("unknown format at " + slot);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.getInt(1) != checksum(bytes)) {
            throw new GroupStoreException("checksum does not match at " + slot);
        }
        return buffer.position(HEADER_BYTES);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        return (int) crc.getValue();
    }
}
