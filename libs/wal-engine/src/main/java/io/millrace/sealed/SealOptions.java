package io.millrace.sealed;

/// The bounds of sealing.
///
/// Units: bytes and counts as named.
///
/// @param segmentCountMin how many full WAL segments there must be before a pass begins
/// @param segmentCountMax how many segments one pass takes
/// @param ownFileBytesMin from how many bytes in one pass on a partition gets a file of its own
/// @param packedFileBytesMax how large a file that partitions share becomes, the last run apart
/// @param stretchBytes how much of a run an entry of its sparse index stands for
/// @param runEntriesMax how many entries the index of a run has; a longer run is divided
/// @param joinedRunsMin how many neighbouring runs of a partition are worth becoming one
/// @param bytesPerSecondMax how fast a pass copies
/// @param indexCacheBytes how much of the sparse indexes is kept in memory
public record SealOptions(
        int segmentCountMin,
        int segmentCountMax,
        long ownFileBytesMin,
        long packedFileBytesMax,
        int stretchBytes,
        int runEntriesMax,
        int joinedRunsMin,
        long bytesPerSecondMax,
        long indexCacheBytes) {

    public SealOptions {
        check(segmentCountMin >= 1, "sealing.segmentCountMin: at least 1");
        check(segmentCountMax >= segmentCountMin, "sealing.segmentCountMax: at least segmentCountMin");
        check(ownFileBytesMin >= 1, "sealing.ownFileBytesMin: at least 1");
        check(packedFileBytesMax >= 1, "sealing.packedFileBytesMax: at least 1");
        check(stretchBytes >= 1, "sealing.stretchBytes: at least 1");
        check(runEntriesMax >= 1, "sealing.runEntriesMax: at least 1");
        check(joinedRunsMin >= 2, "sealing.joinedRunsMin: at least 2");
        check(bytesPerSecondMax >= 1, "sealing.bytesPerSecondMax: at least 1");
        check(indexCacheBytes >= 0, "sealing.indexCacheBytes: not negative");
    }

    /// For one machine.
    public static SealOptions defaults() {
        int mebibyte = 1 << 20;
        return new SealOptions(
                8, 32, 4L * mebibyte, 64L * mebibyte, 64 * 1024, 1024, 16, 128L * mebibyte, 16L * mebibyte);
    }

    private static void check(boolean isLegal, String rule) {
        if (!isLegal) {
            throw new IllegalArgumentException(rule);
        }
    }
}
