package io.millrace.store;

import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Refusal;
import io.millrace.model.Watermarks;
import io.millrace.partition.CatalogLimits;
import io.millrace.partition.PartitionLog;
import io.millrace.sealed.SealedReader;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One shard's log and the state that follows from it: the front door of the engine.
///
/// It starts no threads. The service runs four kinds: one that alternates [#awaitWork] and [#commitIfDue], one that
/// alternates [#awaitUpkeep] and [#upkeep], a few that [#read] and ask for an [#offset], and one that takes the steps
/// of the [#scrub].
///
/// Threads: as each method says; without a word, any. None of them may be interrupted while it works.
/// Errors: [IOException] when the disk failed; everything that the protocol foresees is an outcome.
/// Ownership: the storage is the store's, and is closed with it. Whoever opens it meets
/// [io.millrace.wal.storage.DirectoryTakenException] when another process has the directory.
public final class LogStore implements AutoCloseable {

    private final WalStorage storage;
    private final WalEvents events;
    private final StoreRecovery.Result recovered;
    private final WriteAheadLog log;
    private final SubmissionQueue queue;
    private final GroupCommitter committer;
    private final Checkpoints checkpoints;
    private final CompactionChoice choice;
    private final Sealing sealing;
    private final BatchReader reader;
    private final OffsetLookup offsets;
    private final Scrub scrub;
    private final Bell upkeepBell = new Bell();
    /// Written by the upkeep thread, read by the commit thread.
    private volatile @Nullable IOException upkeepFailure;
    /// Written by the upkeep thread.
    private volatile boolean isFullTold;

    private LogStore(WalStorage storage, WalOptions options, Started started, WalEvents events) {
        this.storage = storage;
        this.events = events;
        this.recovered = started.recovered();
        this.log = recovered.log();
        this.queue = started.queue();
        this.committer = started.committer();
        this.checkpoints = new Checkpoints(storage, recovered, options, events);
        this.choice = started.choice();
        this.sealing = sealing(started, options, events);
        BatchReader.Places places = new BatchReader.Places(
                new LogBatches(log),
                recovered.files(),
                new SealedReader(options.sealing().indexCacheBytes()));
        this.reader = new BatchReader(recovered.state(), places, options.readBytesMax());
        this.offsets = new OffsetLookup(
                recovered.state(),
                new BatchSearch(places),
                started.environment().cleaner());
        this.scrub = scrub(started.environment(), options.scrub());
    }

    private Scrub scrub(StoreEnvironment environment, ScrubOptions options) {
        ScrubbedFiles.Parts parts = new ScrubbedFiles.Parts(log, recovered.state(), recovered.files());
        return new Scrub(
                new ScrubbedFiles(storage, parts),
                options,
                new Scrub.Surroundings(
                        environment.clock(),
                        environment.nanoClock(),
                        events,
                        recovered.state().ownerEpoch()));
    }

    private Sealing sealing(Started started, WalOptions options, WalEvents storeEvents) {
        Compaction.Files files = new Compaction.Files(recovered.files(), new Obstacles(recovered.state()));
        Compaction compaction = new Compaction(
                choice,
                files,
                started.environment().cleaner(),
                new Compaction.Bounds(
                        options.compactionMapBytes(), options.sealing().packedFileBytesMax()));
        return new Sealing(
                storage,
                new Sealing.Parts(log, recovered.state(), recovered.space().sealed(), files, compaction),
                options,
                new Sealing.Surroundings(started.environment().nanoClock(), storeEvents));
    }

    private record Started(
            StoreRecovery.Result recovered,
            SubmissionQueue queue,
            GroupCommitter committer,
            CompactionChoice choice,
            StoreEnvironment environment) {}

    /// Recovers the log and starts a new epoch of this owner.
    ///
    /// @throws CorruptLogException if acknowledged data is damaged or missing
    public static LogStore open(WalStorage storage, WalOptions options, StoreEnvironment environment, WalEvents events)
            throws IOException {
        try {
            StoreRecovery.Result recovered =
                    new StoreRecovery(storage, options, environment, events::recoveryProgress).run();
            return started(storage, options, recovered, new Surroundings(environment, events));
        } catch (IOException e) {
            storage.close();
            throw e;
        }
    }

    private record Surroundings(StoreEnvironment environment, WalEvents events) {}

    private static LogStore started(
            WalStorage storage, WalOptions options, StoreRecovery.Result recovered, Surroundings surroundings)
            throws IOException {
        try {
            SubmissionQueue queue = new SubmissionQueue(options.queueBytesMax(), options.queueCountMax());
            CatalogLimits limits = new CatalogLimits(
                    options.defaultPartitionCount(),
                    options.replicationFactorMax(),
                    options.partitionCountMax(),
                    options.resourceCountMax());
            CompactionChoice choice = new CompactionChoice(recovered.state());
            PartitionSweep sweep = new PartitionSweep(
                    recovered.state(),
                    options.retentionCheckInterval(),
                    surroundings.environment().nanoClock(),
                    choice);
            GroupCommitter committer = new GroupCommitter(
                    queue,
                    new LocalCommitLog(
                            recovered.log(), surroundings.environment().nanoClock()),
                    new GroupCommitter.Recovered(
                            recovered.state(),
                            recovered.space(),
                            sweep,
                            recovered.log().end().timeMillis()),
                    new GroupCommitter.CommitSettings(
                            options.roundBytesMax(),
                            options.batchBytesMax(),
                            limits,
                            surroundings.environment(),
                            surroundings.events()));
            committer.startOwner();
            Started started = new Started(recovered, queue, committer, choice, surroundings.environment());
            return new LogStore(storage, options, started, surroundings.events());
        } catch (IOException e) {
            recovered.log().close();
            recovered.files().close();
            throw e;
        }
    }

    /// The latest applied catalog.
    public Catalog catalog() {
        return recovered.state().catalog();
    }

    /// Closes the older session of the same instance: its undecided frames are dropped and answered `Unknown`.
    public AppendSession openSession(String ingestInstance) {
        return queue.openSession(ingestInstance);
    }

    /// The answer comes on the commit thread, which the receiver must not keep.
    public CompletableFuture<CommandOutcome> execute(Command command) {
        return queue.execute(command);
    }

    /// Blocks on the disk.
    public ReadOutcome read(ReadRequest request) throws IOException {
        return reader.read(request);
    }

    /// Blocks on the disk.
    public OffsetOutcome offset(OffsetQuery query) throws IOException {
        return offsets.find(query);
    }

    /// Never blocks; empty if there is no such partition.
    public Optional<Watermarks> watermarks(PartitionId partitionId) {
        return Optional.ofNullable(recovered.state().find(partitionId)).map(PartitionLog::watermarks);
    }

    /// Never blocks; bytes of its record batches, empty if there is no such partition.
    public OptionalLong sizeInBytes(PartitionId partitionId) {
        PartitionLog partition = recovered.state().find(partitionId);
        return partition == null ? OptionalLong.empty() : OptionalLong.of(partition.sizeInBytes());
    }

    /// Never blocks; the largest share of a compacted partition that could be compacted and is not.
    public double dirtyRatioMax() {
        return choice.dirtyRatioMax();
    }

    /// One step of the commit thread: gathers, decides, writes, forces, applies, answers.
    ///
    /// @return how many batches and commands were answered
    public int commitIfDue() {
        queue.clearNudge();
        IOException failure = upkeepFailure;
        if (failure != null) {
            return committer.poison(failure, "upkeep");
        }
        int answered = committer.step();
        // After a failed write or force the log's end is not what is on the disk: no checkpoint may name it.
        boolean isBetweenRounds = !committer.isRoundInFlight() && committer.poison() == null;
        boolean isSnapshotTaken = isBetweenRounds && takeBetweenRounds();
        if (isSnapshotTaken || hasUpkeep()) {
            upkeepBell.ring();
        }
        return answered;
    }

    /// What the upkeep thread asked for and only the commit thread can do.
    ///
    /// @return whether a snapshot was taken
    private boolean takeBetweenRounds() {
        // One after the other: a checkpoint in the middle of swaps would name files of which only some runs count, and
        // swaps between its slices would leave it without those that they replaced.
        if (!checkpoints.isTaking() && sealing.apply()) {
            queue.nudge();
        }
        boolean isMyTurn = checkpoints.isTaking() || !sealing.isApplying();
        boolean isSnapshotTaken = isMyTurn && checkpoints.takeIfWanted();
        if (checkpoints.isTaking()) {
            queue.nudge();
        }
        return isSnapshotTaken;
    }

    /// Parks the commit thread until there is work for it.
    ///
    /// @return whether there is
    public boolean awaitWork(Duration atMost) throws InterruptedException {
        return queue.awaitWork(atMost);
    }

    /// One step of the upkeep thread: prepares the next segment, seals a piece, writes a checkpoint when one is due and
    /// frees what it makes superfluous. It does not throw for a bad disk: that poisons the store.
    public void upkeep() {
        if (upkeepFailure != null || committer.poison() != null) {
            return;
        }
        try {
            log.prepare();
            boolean hasSwaps = sealing.step();
            if (checkpoints.step() || hasSwaps) {
                queue.nudge();
            }
            tellSpace();
        } catch (IOException e) {
            upkeepFailure = e;
            queue.nudge();
        }
    }

    private void tellSpace() throws IOException {
        boolean isFull = log.isDiskFull();
        if (isFull != isFullTold) {
            isFullTold = isFull;
            if (isFull) {
                events.diskFull(storage.location(), storage.usableBytes());
            } else {
                events.spaceReturned(storage.location(), storage.usableBytes());
            }
        }
    }

    /// Parks the upkeep thread until there is work for it. On a full disk there is none that can be known in
    /// advance: try again when the time is over.
    public void awaitUpkeep(Duration atMost) throws InterruptedException {
        long nanosMax = Math.min(atMost.toNanos(), sealing.waitNanos().orElse(Long.MAX_VALUE));
        upkeepBell.await(this::hasUpkeep, Duration.ofNanos(nanosMax));
    }

    private boolean hasUpkeep() {
        if (upkeepFailure != null || committer.poison() != null) {
            return false;
        }
        boolean isFull = log.isDiskFull();
        return isFull != isFullTold
                || (!isFull && (log.preparedCount() == 0 || checkpoints.hasWork() || sealing.hasWork()));
    }

    /// The look at what lies on the disk.
    public Scrub scrub() {
        return scrub;
    }

    public StoreStatus status() {
        GroupCommitter.Progress progress = committer.progress();
        SubmissionQueue.Size waiting = queue.size();
        List<StoreStatus.SegmentStatus> segments = log.extents().stream()
                .map(extent -> new StoreStatus.SegmentStatus(
                        extent.fileName(),
                        extent.basePosition(),
                        extent.endPosition(),
                        recovered.space().liveBytes(extent.basePosition())))
                .toList();
        return new StoreStatus(
                storage.location(),
                recovered.identity().toString(),
                recovered.state().catalog().ownerEpoch(),
                segments,
                log.end().position(),
                log.end().roundSequence(),
                progress.roundCount(),
                progress.forceCount(),
                progress.lastForceMillis(),
                checkpoints.lastPosition(),
                log.preparedCount(),
                waiting.bytes(),
                waiting.count(),
                usableBytes(),
                log.isDiskFull(),
                Optional.ofNullable(committer.poison()).map(IOException::toString),
                sealing.status(),
                recovered.report());
    }

    /// -1 if the disk does not tell.
    private long usableBytes() {
        try {
            return storage.usableBytes();
        } catch (IOException e) {
            return -1;
        }
    }

    /// Refuses new work, commits what waits, marks the end as a clean one and gives up the directory.
    /// Call it when the commit, upkeep and scrub threads have ended.
    @Override
    public void close() throws IOException {
        queue.stopAdding(new SubmissionQueue.Stop(Refusal.OVERLOADED, "the log is being closed"));
        try {
            while (committer.poison() == null && queue.size().count() > 0) {
                committer.step();
            }
            if (committer.poison() == null) {
                writeCleanEnd();
            }
            if (committer.poison() == null) {
                sealing.close();
            }
        } finally {
            scrub.close();
            log.close();
            recovered.files().close();
            storage.close();
        }
    }

    private void writeCleanEnd() throws IOException {
        try {
            StoreRecovery.writeCleanEnd(storage, log.end());
        } catch (DiskFullException e) {
            // Without it the next start counts as one after a crash, and finds the same log.
            return;
        }
    }
}
