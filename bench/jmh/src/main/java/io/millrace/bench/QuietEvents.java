package io.millrace.bench;

import io.millrace.model.PartitionId;
import io.millrace.store.RoundReport;
import io.millrace.store.WalEvents;
import java.io.IOException;

/// Hears everything and keeps nothing, but for faults.
final class QuietEvents implements WalEvents {

    @Override
    public void roundApplied(RoundReport report) {
        // Measured elsewhere.
    }

    @Override
    public void poisoned(IOException cause, String where) {
        throw new IllegalStateException("the log failed at " + where, cause);
    }

    @Override
    public void recoveryProgress(long bytesDone, long bytesTotal) {
        // Nobody waits for it.
    }

    @Override
    public void diskFull(String location, long usableBytes) {
        throw new IllegalStateException("the disk of " + location + " is full");
    }

    @Override
    public void spaceReturned(String location, long usableBytes) {
        // It is never full.
    }

    @Override
    public void spaceFreed(int segmentCount, int sealedFileCount, long bytes) {
        // Nobody waits for it.
    }

    @Override
    public void sealed(int fileCount, long bytes) {
        // The status tells.
    }

    @Override
    public void compacted(PartitionId partitionId, long removedBytes) {
        // No topic is compacted.
    }

    @Override
    public void sealingStopped(IOException cause) {
        throw new IllegalStateException("sealing stopped", cause);
    }
}
