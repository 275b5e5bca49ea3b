package io.millrace.coordinator.log;

import java.nio.ByteBuffer;

/// The last value of one record key.
///
/// Threads: immutable; nobody writes into the arrays.
///
/// @param sequence of the record that had this value
// Nobody compares it, and a copy of the bytes for each look would cost.
@SuppressWarnings("ArrayRecordComponent")
public record GroupEntry(long sequence, byte[] key, byte[] value) {

    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

    /// Stored beside key and value.
    static final int OVERHEAD_BYTES = StoredBytes.HEADER_BYTES + HEADER_BYTES;

    byte[] encode() {
        ByteBuffer out = StoredBytes.allocate(HEADER_BYTES + key.length + value.length);
        out.putLong(sequence).putInt(key.length).put(key).put(value);
        return StoredBytes.seal(out);
    }

    static GroupEntry decode(byte[] stored, Slot slot) throws GroupStoreException {
        ByteBuffer in = StoredBytes.open(stored, slot);
        if (in.remaining() < HEADER_BYTES) {
            throw new GroupStoreException("not an entry at " + slot);
        }
        long sequence = in.getLong();
        int keyBytes = in.getInt();
        if (keyBytes < 0 || keyBytes > in.remaining()) {
            throw new GroupStoreException("key length " + keyBytes + " at " + slot);
        }
        byte[] key = new byte[keyBytes];
        in.get(key);
        byte[] value = new byte[in.remaining()];
        in.get(value);
        return new GroupEntry(sequence, key, value);
    }
}
