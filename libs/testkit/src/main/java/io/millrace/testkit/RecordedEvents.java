package io.millrace.testkit;

import io.millrace.store.RoundReport;
import io.millrace.store.WalEvents;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what a store told.
///
/// Threads: any.
public final class RecordedEvents implements WalEvents {

    private final List<RoundReport> rounds = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();

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
    public void spaceFreed(int segmentCount, long bytes) {
        notes.add("freed " + segmentCount);
    }

    public List<RoundReport> rounds() {
        return rounds;
    }

    public List<String> notes() {
        return notes;
    }
}
