package io.millrace.store;

import io.millrace.model.PartitionId;
import java.io.IOException;

/// What a [LogStore] tells the process that runs it. Implemented by the service (log, metrics, feeds) and by the
/// tests.
///
/// Threads: each method says which thread calls it; none may block or throw.
public interface WalEvents {

    /// A round is durable and applied; its requests are answered right after this. Called by the commit thread.
    void roundApplied(RoundReport report);

    /// A write or force failed, and all waiters were told; the process must exit and start again. Called once, by the
    /// commit thread.
    void poisoned(IOException cause, String where);

    /// Called by the thread that opens the store.
    void recoveryProgress(long bytesDone, long bytesTotal);

    /// No further segment can be prepared: writes are refused soon, reads go on. Called once each time that it
    /// happens.
    void diskFull(String location, long usableBytes);

    /// Writes are accepted again.
    void spaceReturned(String location, long usableBytes);

    /// A checkpoint was written, and segments and sealed files were deleted that held nothing living. Called by the
    /// upkeep thread.
    void spaceFreed(int segmentCount, int sealedFileCount, long bytes);

    /// A pass wrote sealed files. Called by the upkeep thread.
    void sealed(int fileCount, long bytes);

    /// A partition was compacted. Called by the upkeep thread.
    ///
    /// @param removedBytes of record batches
    void compacted(PartitionId partitionId, long removedBytes);

    /// What should be sealed, packed or compacted cannot be read: the disk or its content is damaged. It stays
    /// where it is, and so do the segments or files that hold it, until it is deleted. Writes and other reads go
    /// on. Called by the upkeep thread.
    void sealingStopped(IOException cause);

    /// A scrub found a place that is not on the disk as it was written; so many are told of each scrub as its options
    /// say. Called by the thread that scrubs.
    void damageFound(Damage damage);

    /// A scrub ended. Called by the thread that scrubs.
    void scrubEnded(ScrubStatus status);
}
