package io.millrace.wal;

import java.nio.ByteBuffer;

/// The first 4096 bytes of a segment; the layout is in the package comment.
///
/// Units: bytes, milliseconds.
record SegmentHeader(LogIdentity identity, int segmentBytes, long basePosition, long salt, long createdMillis) {

    private static final long MAGIC = 0x4D494C4C53454731L; // MILLSEG1
    private static final int CRC_POSITION = WalFormat.SEGMENT_HEADER_BYTES - Integer.BYTES;

    long endOfSegment() {
        return basePosition + segmentBytes;
    }

    ByteBuffer encoded() {
        ByteBuffer header = ByteBuffer.allocate(WalFormat.SEGMENT_HEADER_BYTES);
        header.putLong(MAGIC).putInt(WalFormat.VERSION).putInt(WalFormat.SEGMENT_HEADER_BYTES);
        header.putLong(identity.mostSignificantBits()).putLong(identity.leastSignificantBits());
        header.putInt(segmentBytes)
                .putInt(0)
                .putLong(basePosition)
                .putLong(salt)
                .putLong(createdMillis);
        header.putInt(CRC_POSITION, WalFormat.checksum(header, 0, CRC_POSITION));
        return header.rewind();
    }

    /// Reads the header of the named file.
    ///
    /// @throws CorruptLogException if these bytes are no header that this version can read
    static SegmentHeader decode(ByteBuffer header, String fileName) throws CorruptLogException {
        if (header.remaining() < WalFormat.SEGMENT_HEADER_BYTES) {
            throw new CorruptLogException(fileName, header.remaining(), "the file ends inside the segment header");
        }
        if (header.getLong(0) != MAGIC) {
            throw new CorruptLogException(fileName, 0, "this is no segment of a write-ahead log");
        }
        if (header.getInt(CRC_POSITION) != WalFormat.checksum(header, 0, CRC_POSITION)) {
            throw new CorruptLogException(fileName, 0, "the checksum of the segment header does not match");
        }
        if (header.getInt(8) != WalFormat.VERSION) {
            throw new CorruptLogException(
                    fileName,
                    8,
                    "the segment has format version " + header.getInt(8) + ", this program reads version "
                            + WalFormat.VERSION);
        }
        return new SegmentHeader(
                new LogIdentity(header.getLong(16), header.getLong(24)),
                header.getInt(32),
                header.getLong(40),
                header.getLong(48),
                header.getLong(56));
    }
}
