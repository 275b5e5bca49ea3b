package io.millrace.wal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The 80 bytes in front of a round; the layout is in the package comment.
///
/// Units: bytes, a WAL position, milliseconds.
record RoundHeader(
        int frameBytes,
        int payloadBytes,
        long sequence,
        long position,
        long timeMillis,
        long salt,
        int previousCrc,
        int recordCount,
        int zeroSectors,
        int recordsCrc,
        int crc) {

    private static final int MAGIC = 0x4D524E44; // MRND
    private static final int CRC_POSITION = 76;

    /// What the place decides at which a round is written.
    record Place(long position, long salt, LogEnd previous) {}

    /// Puts the header in front of the payload that the buffer holds from byte 80 on.
    ///
    /// @return the header's own CRC, which the next round continues
    static int encode(ByteBuffer frame, int payloadBytes, Content content, Place place) {
        int frameBytes = frame.limit();
        frame.putInt(0, MAGIC).putShort(4, (short) WalFormat.ROUND_HEADER_BYTES).putShort(6, (short) 0);
        frame.putInt(8, frameBytes).putInt(12, payloadBytes);
        frame.putLong(16, place.previous().roundSequence() + 1).putLong(24, place.position());
        frame.putLong(32, content.timeMillis()).putLong(40, place.salt()).putLong(48, 0);
        frame.putInt(56, place.previous().roundCrc()).putInt(60, content.recordCount());
        frame.putInt(68, content.recordsCrc()).putInt(72, 0);
        // Counted with the magic in place, so that the first sector is not zero.
        frame.putInt(64, WalFormat.zeroSectors(frame, 0, frameBytes));
        int crc = WalFormat.checksum(frame, 0, CRC_POSITION);
        frame.putInt(CRC_POSITION, crc);
        return crc;
    }

    /// What the header says of the payload.
    ///
    /// @param recordsCrc of the records' headers, one after the other
    record Content(long timeMillis, int recordCount, int recordsCrc) {}

    /// The header at this index, or null if there is none whose checksum matches.
    static @Nullable RoundHeader decode(ByteBuffer buffer, int at) {
        if (buffer.getInt(at) != MAGIC
                || buffer.getInt(at + CRC_POSITION) != WalFormat.checksum(buffer, at, CRC_POSITION)) {
            return null;
        }
        return new RoundHeader(
                buffer.getInt(at + 8),
                buffer.getInt(at + 12),
                buffer.getLong(at + 16),
                buffer.getLong(at + 24),
                buffer.getLong(at + 32),
                buffer.getLong(at + 40),
                buffer.getInt(at + 56),
                buffer.getInt(at + 60),
                buffer.getInt(at + 64),
                buffer.getInt(at + 68),
                buffer.getInt(at + CRC_POSITION));
    }

    LogEnd end() {
        return new LogEnd(position + frameBytes, sequence, crc, timeMillis);
    }
}
