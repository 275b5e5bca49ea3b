package io.millrace.wal;

import java.nio.ByteBuffer;

/// Walks over the records of one round.
///
/// Threads: one. Ownership: bodies view the round's memory, which is reused for the next round.
public final class RecordCursor {

    private final ByteBuffer frame;
    private final int end;
    private final long roundPosition;
    private int next;
    private int current = -1;

    RecordCursor(ByteBuffer frame, int start, int payloadBytes, long roundPosition) {
        this.frame = frame;
        this.next = start;
        this.end = start + payloadBytes;
        this.roundPosition = roundPosition;
    }

    /// Moves to the next record.
    ///
    /// @return false after the last one
    public boolean next() {
        if (next >= end) {
            return false;
        }
        current = next;
        next = current + sizeInLog();
        return true;
    }

    /// Whether a record begins here that fits and has the checksum with which it was written.
    static boolean isWhole(ByteBuffer frame, int at, int end) {
        if (end - at < WalFormat.RECORD_HEADER_BYTES) {
            return false;
        }
        int bodyBytes = frame.getInt(at + Integer.BYTES);
        if (bodyBytes < 0
                || bodyBytes > end - at - WalFormat.RECORD_HEADER_BYTES
                || WalFormat.recordBytes(bodyBytes) > end - at) {
            return false;
        }
        int checked = WalFormat.recordBytes(bodyBytes) - Integer.BYTES;
        return frame.getInt(at) == WalFormat.checksum(frame, at + Integer.BYTES, checked);
    }

    /// The same of the current record.
    public boolean isWhole() {
        return isWhole(frame, current, end);
    }

    public int type() {
        return frame.get(current + 8);
    }

    public ByteBuffer body() {
        return frame.slice(current + WalFormat.RECORD_HEADER_BYTES, frame.getInt(current + 4));
    }

    /// Where the record begins in the log.
    public long position() {
        return roundPosition + current;
    }

    /// With its header and padding.
    public int sizeInLog() {
        return WalFormat.recordBytes(frame.getInt(current + 4));
    }
}
