package io.millrace.sealed;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The last 64 bytes of a sealed file, which lead to the rest of the footer; the layout is in the package
/// comment.
///
/// Units: file positions.
record SealedTrailer(int runCount, long indexPosition, long tablePosition, int tableCrc) {

    private static final long MAGIC = 0x4D494C4C53454C46L; // MILLSELF
    private static final int CRC_POSITION = SealedFormat.TRAILER_BYTES - Integer.BYTES;

    void encode(ByteBuffer target) {
        int start = target.position();
        target.putLong(MAGIC).putInt(SealedFormat.VERSION).putInt(runCount);
        target.putLong(indexPosition).putLong(tablePosition).putInt(tableCrc);
        target.put(new byte[CRC_POSITION - (target.position() - start)]);
        target.putInt(SealedFormat.checksum(target, start, CRC_POSITION));
    }

    /// Null if these bytes are not what was written.
    static @Nullable SealedTrailer decode(ByteBuffer trailer) {
        if (trailer.remaining() < SealedFormat.TRAILER_BYTES
                || trailer.getLong(0) != MAGIC
                || trailer.getInt(8) != SealedFormat.VERSION
                || trailer.getInt(CRC_POSITION) != SealedFormat.checksum(trailer, 0, CRC_POSITION)) {
            return null;
        }
        return new SealedTrailer(trailer.getInt(12), trailer.getLong(16), trailer.getLong(24), trailer.getInt(32));
    }

    long tableBytes() {
        return (long) runCount * SealedFormat.TABLE_ENTRY_BYTES;
    }

    long endOfFile() {
        return tablePosition + tableBytes() + SealedFormat.TRAILER_BYTES;
    }
}
