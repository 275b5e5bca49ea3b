package io.millrace.wal;

import java.time.Clock;
import java.util.random.RandomGenerator;

/// How segments are made.
///
/// Units: bytes.
///
/// @param spareBytesMin what preparing a segment leaves free on the disk
/// @param recycledCountMax how many files of freed segments are kept to be used again
/// @param clock for the time of creation in the header
/// @param random for salts
public record SegmentOptions(
        int segmentBytes, long spareBytesMin, int recycledCountMax, Clock clock, RandomGenerator random) {

    /// The end of a segment that only small entries may use while no further segment can be prepared, so that
    /// topics can be deleted, and the store started, on a full disk.
    int reserveBytes() {
        return Math.min(1 << 20, segmentBytes / 16 & -WalFormat.ALIGNMENT);
    }
}
