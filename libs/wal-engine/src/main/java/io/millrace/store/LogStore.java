package io.millrace.store;

import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Watermarks;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// One shard's log and the state that follows from it: the front door of the engine.
///
/// It starts no threads. The service runs three kinds: one that alternates [#awaitWork] and [#commitIfDue], one that
/// alternates [#awaitUpkeep] and [#upkeep], and a few that [#read] and ask for an [#offset].
///
/// Threads: as each method says; without a word, any.
/// Errors: [IOException] when the disk failed; everything that the protocol foresees is an outcome.
/// Ownership: the storage is the store's, and is closed with it.
@SuppressWarnings("DoNotCallSuggester") // Signatures first; the bodies follow at once.
public final class LogStore implements AutoCloseable {

    private LogStore() {}

    /// Recovers the log and starts a new epoch of this owner.
    ///
    /// @throws CorruptLogException if acknowledged data is damaged or missing
    public static LogStore open(WalStorage storage, WalOptions options, StoreEnvironment environment, WalEvents events)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /// The latest applied catalog.
    public Catalog catalog() {
        throw new UnsupportedOperationException();
    }

    /// Closes the older session of the same instance: its undecided frames are dropped and answered `Unknown`.
    public AppendSession openSession(String ingestInstance) {
        throw new UnsupportedOperationException();
    }

    /// The answer comes on the commit thread, which the receiver must not keep.
    public CompletableFuture<CommandOutcome> execute(Command command) {
        throw new UnsupportedOperationException();
    }

    /// Blocks on the disk.
    public ReadOutcome read(ReadRequest request) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Blocks on the disk.
    public OffsetOutcome offset(OffsetQuery query) throws IOException {
        throw new UnsupportedOperationException();
    }

    /// Never blocks; empty if there is no such partition.
    public Optional<Watermarks> watermarks(PartitionId partitionId) {
        throw new UnsupportedOperationException();
    }

    /// One step of the commit thread: gathers, decides, writes, forces, applies, answers.
    ///
    /// @return how many batches and commands were answered
    public int commitIfDue() {
        throw new UnsupportedOperationException();
    }

    /// Parks the commit thread until there is work for it.
    ///
    /// @return whether there is
    public boolean awaitWork(Duration atMost) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /// One step of the upkeep thread: prepares the next segment, writes a checkpoint when segments can be freed,
    /// frees
    /// them. Never throws for a bad disk: that poisons the store.
    public void upkeep() {
        throw new UnsupportedOperationException();
    }

    /// Parks the upkeep thread until there is work for it; on a full disk that is when the time is over.
    public void awaitUpkeep(Duration atMost) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    public StoreStatus status() {
        throw new UnsupportedOperationException();
    }

    /// Refuses new work, commits what waits, forces, marks the end as a clean one and gives up the directory.
    /// Call it when the commit and upkeep threads have ended.
    @Override
    public void close() throws IOException {
        throw new UnsupportedOperationException();
    }
}
