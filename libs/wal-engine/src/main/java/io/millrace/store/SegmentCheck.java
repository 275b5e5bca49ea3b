package io.millrace.store;

import java.util.Optional;

/// What became of the checksums of one segment.
///
/// Threads: immutable.
///
/// @param bytes of its whole rounds
/// @param badRecord the first one that does not match its checksum inside a round that does
/// @param unreadable what follows the whole rounds, unless that is unused space
public record SegmentCheck(
        String fileName,
        long roundCount,
        long batchCount,
        long bytes,
        Optional<Place> badRecord,
        Optional<Place> unreadable) {

    /// Where something is in a file, and what.
    public record Place(long filePosition, String what) {}

    static SegmentCheck begun(String fileName) {
        return new SegmentCheck(fileName, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    SegmentCheck withRound(int frameBytes) {
        return new SegmentCheck(fileName, roundCount + 1, batchCount, bytes + frameBytes, badRecord, unreadable);
    }

    SegmentCheck withBatch() {
        return new SegmentCheck(fileName, roundCount, batchCount + 1, bytes, badRecord, unreadable);
    }

    SegmentCheck withBadRecord(Place place) {
        return new SegmentCheck(
                fileName, roundCount, batchCount, bytes, badRecord.or(() -> Optional.of(place)), unreadable);
    }

    SegmentCheck withUnreadable(Place place) {
        return new SegmentCheck(fileName, roundCount, batchCount, bytes, badRecord, Optional.of(place));
    }
}
