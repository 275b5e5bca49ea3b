package io.millrace.partition;

import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;

/// A stretch of one partition's offsets in one sealed file.
///
/// It answers for all offsets from the first one to the end, also where batches were dropped: then the next
/// batch there is. So the first batch may begin behind the first offset, and the last one end before the end.
///
/// Threads: immutable. Units: record offsets; file positions and bytes; milliseconds.
///
/// @param bytes of its batches in the file, which lie from the file position on
/// @param maxTimestamp of all batches, the smallest long if there is none
/// @param index where the file keeps the run's sparse index
public record SealedRun(
        PartitionId partitionId,
        long fileNumber,
        long firstOffset,
        long endOffset,
        long filePosition,
        long bytes,
        long batchCount,
        long maxTimestamp,
        IndexPlace index) {

    public SealedRun {
        Invariant.check(firstOffset < endOffset, "a run covers offsets");
    }

    /// Where an index is in the file, and its checksum.
    public record IndexPlace(long filePosition, int entryCount, int crc) {}

    /// Behind its last batch.
    public long endPosition() {
        return filePosition + bytes;
    }
}
