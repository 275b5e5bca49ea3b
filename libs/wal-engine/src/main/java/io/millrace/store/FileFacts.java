package io.millrace.store;

import io.millrace.wal.LogEnd;

/// What one file of a log's directory is, as far as headers tell.
///
/// Threads: immutable. Units: bytes, WAL positions, milliseconds.
public sealed interface FileFacts {

    String fileName();

    long bytes();

    /// A segment of the log.
    ///
    /// @param endPosition behind its last round
    record SegmentFile(
            String fileName, long bytes, SegmentState state, long basePosition, long endPosition, RoundRange rounds)
            implements FileFacts {}

    /// What a segment is to the log.
    enum SegmentState {
        /// It holds rounds.
        WRITTEN,
        /// It is ready for its first round.
        PREPARED,
        /// It lies before the checkpoint, which does not name it: the next start deletes it.
        FREED
    }

    /// The rounds of a segment, all zero if it has none.
    record RoundRange(long count, long firstSequence, long lastSequence, long lastTimeMillis) {

        static final RoundRange NONE = new RoundRange(0, 0, 0, 0);
    }

    /// Batches that were moved out of segments, sorted by partition.
    record SealedFile(String fileName, long bytes, SealedState state, int runCount, int partitionCount, long batchCount)
            implements FileFacts {}

    /// What a sealed file is to the log.
    enum SealedState {
        /// The checkpoint names it.
        NAMED,
        /// No checkpoint names it: the next start deletes it.
        UNNAMED
    }

    /// The state of the shard after a round.
    ///
    /// @param end up to where it knows the log
    /// @param segmentCount of the segments that it names
    record CheckpointFile(
            String fileName,
            long bytes,
            LogEnd end,
            int segmentCount,
            int sealedCount,
            int topicCount,
            int partitionCount)
            implements FileFacts {}

    /// Where the last clean shutdown left the log.
    record CleanEndFile(String fileName, long bytes, LogEnd end) implements FileFacts {}

    record ClusterFile(String fileName, long bytes, String clusterId) implements FileFacts {}

    /// Was being written when its process ended, or waited to be used again: the next start deletes it.
    record LeftoverFile(String fileName, long bytes) implements FileFacts {}

    /// Not of the log.
    record UnknownFile(String fileName, long bytes) implements FileFacts {}

    record DamagedFile(String fileName, long bytes, String reason) implements FileFacts {}
}
