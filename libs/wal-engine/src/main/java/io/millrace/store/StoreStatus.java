package io.millrace.store;

import java.util.List;
import java.util.Optional;

/// How a [LogStore] is doing, for people, health and metrics.
///
/// Threads: immutable, taken at one moment. Units: WAL positions in bytes since the log began, bytes, milliseconds.
///
/// @param endPosition the end of the last durable round
/// @param lastForceMillis when the last round was forced, by the clock; -1 before the first
/// @param checkpointPosition up to where the last checkpoint holds the state; empty if none was needed yet
/// @param preparedSegments segments that are ready for use after the active one
/// @param poison why the store refuses everything; empty while it is well
public record StoreStatus(
        String location,
        String clusterId,
        int ownerEpoch,
        List<SegmentStatus> segments,
        long endPosition,
        long roundSequence,
        long roundCount,
        long forceCount,
        long lastForceMillis,
        Optional<Long> checkpointPosition,
        int preparedSegments,
        long queuedBytes,
        int queuedCount,
        long usableBytes,
        boolean isDiskFull,
        Optional<String> poison,
        SealingStatus sealing,
        RecoveryReport recovery) {

    public StoreStatus {
        segments = List.copyOf(segments);
    }

    /// One segment that holds rounds.
    ///
    /// @param liveBytes batches that a reader can still ask for
    public record SegmentStatus(String fileName, long basePosition, long endPosition, long liveBytes) {}

    /// The sealed files, and how far the pass is that runs now.
    ///
    /// @param sealedPosition what lies before this position of the log is sealed or dead
    /// @param passBytesTotal 0 while no pass runs
    /// @param failure what cannot be read and so neither sealed nor compacted; empty while all is well
    public record SealingStatus(
            List<SealedFileStatus> files,
            long sealedPosition,
            long passBytesDone,
            long passBytesTotal,
            Optional<String> failure) {

        public SealingStatus {
            files = List.copyOf(files);
        }

        /// Of all files, without their footers.
        public long bytes() {
            return files.stream().mapToLong(SealedFileStatus::bytes).sum();
        }

        public long liveBytes() {
            return files.stream().mapToLong(SealedFileStatus::liveBytes).sum();
        }
    }

    /// One sealed file.
    ///
    /// @param liveBytes of runs that a reader can still ask for
    public record SealedFileStatus(String fileName, int runCount, long bytes, long liveBytes) {}

    /// What the last start found.
    ///
    /// @param wasClean whether the store had been closed in order
    /// @param tornBytes what was cut off behind the last whole round, never acknowledged
    public record RecoveryReport(
            boolean wasClean,
            int segmentCount,
            long roundCount,
            long batchCount,
            long bytes,
            long tornBytes,
            long nanos) {}
}
