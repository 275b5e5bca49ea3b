package io.millrace.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One record that was read back by its position, checked.
///
/// Threads: immutable if nobody writes to the body.
///
/// @param body views the bytes that were read
public record LogRecord(int type, ByteBuffer body) {

    /// Checks the record at this index of bytes that were read from the log.
    ///
    /// @throws IOException if it is not the record of this size that was written there
    public static LogRecord checked(ByteBuffer bytes, int at, int sizeInLog, long position) throws IOException {
        int bodyBytes = sizeInLog < WalFormat.RECORD_HEADER_BYTES ? -1 : bytes.getInt(at + 4);
        if (bodyBytes < 0
                || bodyBytes > sizeInLog - WalFormat.RECORD_HEADER_BYTES
                || WalFormat.recordBytes(bodyBytes) != sizeInLog) {
            throw new IOException("the record at position " + position + " does not have the size in the index");
        }
        int checked = WalFormat.RECORD_HEADER_BYTES - Integer.BYTES + bodyBytes;
        if (bytes.getInt(at) != WalFormat.checksum(bytes, at + Integer.BYTES, checked)) {
            throw new IOException("the checksum of the record at position " + position + " does not match");
        }
        return new LogRecord(bytes.get(at + 8), bytes.slice(at + WalFormat.RECORD_HEADER_BYTES, bodyBytes));
    }
}
