package io.millrace.sealed;

import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogIdentity;
import java.nio.ByteBuffer;

/// The first 64 bytes of a sealed file; the layout is in the package comment.
///
/// @param stretchBytes how much of a run an index entry stands for, its last batch apart
record SealedHeader(LogIdentity identity, long number, long createdMillis, int stretchBytes) {

    private static final long MAGIC = 0x4D494C4C53454C31L; // MILLSEL1
    private static final int CRC_POSITION = SealedFormat.HEADER_BYTES - Integer.BYTES;

    ByteBuffer encoded() {
        ByteBuffer header = ByteBuffer.allocate(SealedFormat.HEADER_BYTES);
        header.putLong(MAGIC).putInt(SealedFormat.VERSION).putInt(SealedFormat.HEADER_BYTES);
        header.putLong(identity.mostSignificantBits()).putLong(identity.leastSignificantBits());
        header.putLong(number).putLong(createdMillis).putInt(stretchBytes);
        header.putInt(CRC_POSITION, SealedFormat.checksum(header, 0, CRC_POSITION));
        return header.rewind();
    }

    /// Reads the header of the named file.
    ///
    /// @throws CorruptLogException if these bytes are no header that this version can read
    static SealedHeader decode(ByteBuffer header, String fileName) throws CorruptLogException {
        if (header.remaining() < SealedFormat.HEADER_BYTES) {
            throw new CorruptLogException(fileName, header.remaining(), "the file ends inside the header");
        }
        if (header.getLong(0) != MAGIC) {
            throw new CorruptLogException(fileName, 0, "this is no sealed file");
        }
        if (header.getInt(CRC_POSITION) != SealedFormat.checksum(header, 0, CRC_POSITION)) {
            throw new CorruptLogException(fileName, 0, "the checksum of the file's header does not match");
        }
        if (header.getInt(8) != SealedFormat.VERSION) {
            throw new CorruptLogException(
                    fileName,
                    8,
                    "the file has format version " + header.getInt(8) + ", this program reads version "
                            + SealedFormat.VERSION);
        }
        return new SealedHeader(
                new LogIdentity(header.getLong(16), header.getLong(24)),
                header.getLong(32),
                header.getLong(40),
                header.getInt(48));
    }
}
