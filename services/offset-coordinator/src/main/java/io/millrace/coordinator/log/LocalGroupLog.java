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

/// The coordinator's shards on this node's own store; what was appended is folded in the background.
///
/// Threads: as [GroupLog]; folds run on `background`, which must be one thread.
/// Errors: [GroupStoreException] when the store cannot be read or written; the shard is then not owned.
final class LocalGroupLog implements GroupLog {

    private final GroupStore store;
    private final GroupLogOptions options;
    private final LogClock clock;
    private final Function<byte[], List<GroupRecord>> reader;
    private final Executor background;
    private final Consumer<GroupStoreException> foldFailures;
    private final Map<Integer, LocalTenure> tenures = new ConcurrentHashMap<>();

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

    @Override
    public LoadedShard takeOver(int shard, ShardEvents events) throws GroupStoreException {
        LocalTenure former = tenures.remove(shard);
        if (former != null) {
            former.resign();
        }
        LogContents contents = new TakeOver(store, reader, options, shard).run();
        LocalTenure tenure = new LocalTenure(contents, store, options, clock, events);
        Fold fold = new Fold(tenure, new ShardFolder(store, reader, options, tenure));
        tenure.foldBy(fold::schedule);
        tenures.put(shard, tenure);
        if (tenure.isFoldDue()) {
            fold.schedule();
        }
        return new LoadedShard(tenure, contents.entries(), contents.nextSequence());
    }

    /// What is put must be possible to fold, or the shard would stand still later: the only record of a batch
    /// becomes an entry, and that has the larger head.
    @Override
    public int batchBytesMax() {
        return store.valueBytesMax() - GroupEntry.OVERHEAD_BYTES;
    }

    @Override
    public void loseStalled() {
        tenures.values().forEach(LocalTenure::loseIfStalled);
    }

    @Override
    public Optional<TenureStatus> status(int shard) {
        return Optional.ofNullable(tenures.get(shard)).map(LocalTenure::status);
    }

    /// At most one fold of a tenure waits or runs at any time.
    private final class Fold {
        private final LocalTenure tenure;
        private final ShardFolder folder;
        private final AtomicBoolean isScheduled = new AtomicBoolean();

        private Fold(LocalTenure tenure, ShardFolder folder) {
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
