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
        RecoveryReport recovery) {

    public StoreStatus {
        segments = List.copyOf(segments);
    }

    /// One segment that holds rounds.
    ///
    /// @param liveBytes batches that a reader can still ask for
    public record SegmentStatus(String fileName, long basePosition, long endPosition, long liveBytes) {}

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
