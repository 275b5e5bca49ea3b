package io.millrace.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Sizes and sums of the layout that the package comment draws.
final class WalFormat {

    static final int VERSION = 2;
    static final int ALIGNMENT = 4096;
    static final int SECTOR_BYTES = 512;
    static final int SEGMENT_HEADER_BYTES = 4096;
    static final int ROUND_HEADER_BYTES = 80;
    static final int RECORD_HEADER_BYTES = 16;
    static final int RECORD_ALIGNMENT = 8;

    private WalFormat() {}

    static int aligned(int bytes, int alignment) {
        return (bytes + alignment - 1) & -alignment;
    }

    static int recordBytes(int bodyBytes) {
        return aligned(RECORD_HEADER_BYTES + bodyBytes, RECORD_ALIGNMENT);
    }

    static int checksum(ByteBuffer buffer, int from, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(from, bytes));
        return (int) crc.getValue();
    }

    /// How many of the sectors between these bytes hold nothing but zeros; a cut last sector counts, too.
    static int zeroSectors(ByteBuffer buffer, int from, int bytes) {
        int zeroSectors = 0;
        for (int sector = 0; sector < bytes; sector += SECTOR_BYTES) {
            if (isZero(buffer, from + sector, Math.min(SECTOR_BYTES, bytes - sector))) {
                zeroSectors++;
            }
        }
        return zeroSectors;
    }

    static boolean isZero(ByteBuffer buffer, int from, int bytes) {
        int end = from + bytes;
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            if (buffer.getLong(at) != 0) {
                return false;
            }
        }
        for (; at < end; at++) {
            if (buffer.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
