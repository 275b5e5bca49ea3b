package io.millrace.wal;

import java.nio.ByteBuffer;

/// One record that was read back by its position, checked.
///
/// Threads: immutable if nobody writes to the body.
///
/// @param body views the bytes that were read
public record LogRecord(int type, ByteBuffer body) {

    /// Before the body.
    public static final int HEADER_BYTES = WalFormat.RECORD_HEADER_BYTES;

    /// Checks the record at this index of bytes that were read from the log.
    ///
    /// @throws DamagedRecordException if it is not the record of this size that was written there
    public static LogRecord checked(ByteBuffer bytes, int at, int sizeInLog, long position)
            throws DamagedRecordException {
        int bodyBytes = sizeInLog < WalFormat.RECORD_HEADER_BYTES ? -1 : bytes.getInt(at + 4);
        if (bodyBytes < 0
                || bodyBytes > sizeInLog - WalFormat.RECORD_HEADER_BYTES
                || WalFormat.recordBytes(bodyBytes) != sizeInLog) {
            throw new DamagedRecordException(
                    "the record at position " + position + " does not have the size in the index");
        }
        if (bytes.getInt(at) != WalFormat.checksum(bytes, at + Integer.BYTES, sizeInLog - Integer.BYTES)) {
            throw new DamagedRecordException("the checksum of the record at position " + position + " does not match");
        }
        return new LogRecord(bytes.get(at + 8), bytes.slice(at + WalFormat.RECORD_HEADER_BYTES, bodyBytes));
    }

    /// What the header at this index says of the record's size, with header and padding; larger than anything can be if
    /// it says nonsense.
    public static long sizeInLog(ByteBuffer bytes, int at) {
        int bodyBytes = bytes.getInt(at + 4);
        return bodyBytes < 0 || bodyBytes > Integer.MAX_VALUE - WalFormat.ALIGNMENT
                ? Long.MAX_VALUE
                : WalFormat.recordBytes(bodyBytes);
    }

    /// With its header and padding.
    public static int sizeInLog(int bodyBytes) {
        return WalFormat.recordBytes(bodyBytes);
    }

    /// Writes a whole record with this body at the target's position.
    public static void encode(int type, ByteBuffer body, ByteBuffer target) {
        int start = target.position();
        int bodyBytes = body.remaining();
        putHeader(target, type, bodyBytes);
        target.put(body);
        while ((target.position() - start) % WalFormat.RECORD_ALIGNMENT != 0) {
            target.put((byte) 0);
        }
        target.putInt(
                start, WalFormat.checksum(target, start + Integer.BYTES, target.position() - start - Integer.BYTES));
    }

    /// The checksum, which follows later, and the size; the type and seven bytes that are reserved.
    static void putHeader(ByteBuffer target, int type, int bodyBytes) {
        target.putLong(bodyBytes).putLong((long) type << (Long.SIZE - Byte.SIZE));
    }
}
