package io.millrace.wal;

import java.nio.ByteBuffer;

/// Where the log ends after a round, and what the next one continues.
///
/// Threads: immutable. Units: a WAL position, milliseconds.
///
/// @param roundSequence of the last round, 0 before the first
/// @param roundCrc of the last round's header
/// @param timeMillis of the last round
public record LogEnd(long position, long roundSequence, int roundCrc, long timeMillis) {

    public static final int ENCODED_BYTES = 28;

    /// The end of a log in which nothing was written yet.
    public static LogEnd ofEmptyLog() {
        return new LogEnd(WalFormat.SEGMENT_HEADER_BYTES, 0, 0, 0);
    }

    public void encode(ByteBuffer target) {
        target.putLong(position).putLong(roundSequence).putInt(roundCrc).putLong(timeMillis);
    }

    public static LogEnd decode(ByteBuffer source) {
        return new LogEnd(source.getLong(), source.getLong(), source.getInt(), source.getLong());
    }
}
