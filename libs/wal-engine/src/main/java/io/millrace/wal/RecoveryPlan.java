package io.millrace.wal;

import java.util.Optional;
import java.util.function.Consumer;

/// What a log is opened with.
///
/// @param manifest of the last checkpoint: what must be there, and where replay starts
/// @param cleanEnd where the last clean shutdown left the log
/// @param rounds gets each round in order, those before the manifest's end, too
/// @param progress gets bytes done and bytes in all
public record RecoveryPlan(
        LogIdentity identity,
        Optional<LogManifest> manifest,
        Optional<LogEnd> cleanEnd,
        Consumer<RecoveredRound> rounds,
        Progress progress) {

    /// Hears how far recovery is.
    @FunctionalInterface
    public interface Progress {
        void at(long bytesDone, long bytesTotal);
    }

    /// One round that was read back.
    ///
    /// Ownership: lent for the call; its memory is reused for the next round.
    ///
    /// @param segmentBase the base position of its segment
    public record RecoveredRound(long segmentBase, LogEnd end, RecordCursor records) {}
}
