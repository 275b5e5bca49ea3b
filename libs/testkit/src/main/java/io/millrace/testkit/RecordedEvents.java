package io.millrace.testkit;

import io.millrace.model.PartitionId;
import io.millrace.store.Damage;
import io.millrace.store.RoundReport;
import io.millrace.store.ScrubStatus;
import io.millrace.store.WalEvents;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps what a store told.
///
/// Threads: any.
public final class RecordedEvents implements WalEvents {

    private final List<RoundReport> rounds = new CopyOnWriteArrayList<>();
    private final AtomicInteger compactionCount = new AtomicInteger();
    private final AtomicLong compactedBytes = new AtomicLong();
    private final List<Damage> damages = new CopyOnWriteArrayList<>();
    private final List<ScrubStatus> scrubs = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final AtomicInteger freedFileCount = new AtomicInteger();
    private final AtomicInteger sealedFileCount = new AtomicInteger();

    @Override
    public void roundApplied(RoundReport report) {
        rounds.add(report);
    }

    @Override
    public void poisoned(IOException cause, String where) {
        notes.add("poisoned");
    }

    @Override
    public void recoveryProgress(long bytesDone, long bytesTotal) {
        notes.add("recovered " + bytesDone + " of " + bytesTotal);
    }

    @Override
    public void diskFull(String location, long usableBytes) {
        notes.add("disk full");
    }

    @Override
    public void spaceReturned(String location, long usableBytes) {
        notes.add("space returned");
    }

    @Override
    public void spaceFreed(int segmentCount, int sealedFiles, long bytes) {
        notes.add("freed " + segmentCount);
        freedFileCount.getAndAdd(sealedFiles);
    }

    @Override
    public void sealed(int fileCount, long bytes) {
        sealedFileCount.getAndAdd(fileCount);
    }

    @Override
    public void damageFound(Damage damage) {
        damages.add(damage);
    }

    @Override
    public void scrubEnded(ScrubStatus status) {
        scrubs.add(status);
    }

    /// All that a scrub told.
    public List<Damage> damages() {
        return damages;
    }

    /// Those that ended.
    public List<ScrubStatus> scrubs() {
        return scrubs;
    }

    @Override
    public void compacted(PartitionId partitionId, long removedBytes) {
        compactionCount.getAndIncrement();
        compactedBytes.getAndAdd(removedBytes);
    }

    public int compactionCount() {
        return compactionCount.get();
    }

    public long compactedBytes() {
        return compactedBytes.get();
    }

    @Override
    public void sealingStopped(IOException cause) {
        notes.add("sealing stopped");
    }

    public int freedFileCount() {
        return freedFileCount.get();
    }

    public int sealedFileCount() {
        return sealedFileCount.get();
    }

    public List<RoundReport> rounds() {
        return rounds;
    }

    public List<String> notes() {
        return notes;
    }
}
