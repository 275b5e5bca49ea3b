package io.millrace.coordinator.log;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/// The coordinator's shards on this node's own store: take a shard over, append to it, fold it in the background.
///
/// It is the seam for replication: a replicated log offers the same take-over, appends in order, completion in order
/// and loss of tenure, and must pass the same contract tests.
///
/// Threads: `takeOver` blocks and may run for several shards at once; folds run on `background`, which must be one
/// thread.
/// Errors: [GroupStoreException] when the store cannot be read or written; the shard is then not owned.
public final class LocalGroupLog {

    private final GroupStore store;
    private final GroupLogOptions options;
    private final LogClock clock;
    private final Function<byte[], List<GroupRecord>> reader;
    private final Executor background;
    private final Consumer<GroupStoreException> foldFailures;
    private final Map<Integer, ShardTenure> tenures = new ConcurrentHashMap<>();

    /// A log over a store that others may use, too.
    ///
    /// @param reader the records of a batch's bytes
    /// @param foldThread is told of a fold that failed; it is tried again when the next batch is durable
    LocalGroupLog(
            GroupStore store,
            GroupLogOptions options,
            LogClock clock,
            Function<byte[], List<GroupRecord>> reader,
            FoldThread foldThread) {
        this.store = store;
        this.options = options;
        this.clock = clock;
        this.reader = reader;
        background = foldThread.executor();
        foldFailures = foldThread.failures();
    }

    /// Becomes the owner of a shard; an owner before it, here or elsewhere on the store, resigns at its next put.
    public LoadedShard takeOver(int shard, ShardEvents events) throws GroupStoreException {
        ShardTenure former = tenures.remove(shard);
        if (former != null) {
            former.resign();
        }
        LogContents contents = new TakeOver(store, reader, shard).run();
        ShardTenure tenure = new ShardTenure(contents, store, options, clock, events);
        Fold fold = new Fold(tenure, new ShardFolder(store, reader, tenure));
        tenure.foldBy(fold::schedule);
        tenures.put(shard, tenure);
        if (tenure.isFoldDue()) {
            fold.schedule();
        }
        return new LoadedShard(tenure, contents.entries(), contents.nextSequence());
    }

    public Optional<TenureStatus> status(int shard) {
        return Optional.ofNullable(tenures.get(shard)).map(ShardTenure::status);
    }

    /// At most one fold of a tenure waits or runs at any time.
    private final class Fold {
        private final ShardTenure tenure;
        private final ShardFolder folder;
        private final AtomicBoolean isScheduled = new AtomicBoolean();

        private Fold(ShardTenure tenure, ShardFolder folder) {
            this.tenure = tenure;
            this.folder = folder;
        }

        private void schedule() {
            if (isScheduled.compareAndSet(false, true)) {
                try {
                    background.execute(this::run);
                } catch (RejectedExecutionException e) {
                    // The service is stopping; the next start folds what is left.
                    tenure.resign();
                }
            }
        }

        private void run() {
            boolean hasFolded = false;
            try {
                hasFolded = folder.fold();
            } catch (GroupStoreException e) {
                foldFailures.accept(e);
            } finally {
                isScheduled.set(false);
            }
            if (hasFolded && tenure.isFoldDue()) {
                schedule();
            }
        }
    }
}
