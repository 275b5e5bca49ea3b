package io.millrace.coordinator.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The coordinator's shards on this node's own store; what was appended is folded in the background.
///
/// Threads: as [GroupLog]; folds run on `background`, which must be one thread.
/// Errors: [GroupStoreException] when the store cannot be read or written; the shard is then not owned.
final class LocalGroupLog implements GroupLog {

    private static final Duration FOLD_RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration FOLD_RETRY_MAX = Duration.ofSeconds(10);

    private final GroupStore store;
    private final GroupLogOptions options;
    private final LogClock clock;
    private final Function<byte[], List<GroupRecord>> reader;
    private final Executor background;
    private final Consumer<GroupStoreException> foldFailures;
    private final Map<Integer, Fold> folds = new ConcurrentHashMap<>();

    /// A log over a store that others may use, too.
    ///
    /// @param reader the records of a batch's bytes
    /// @param foldThread is told of a fold that failed; it is tried again when the next batch is durable, and
    /// after a pause, since none becomes durable while the tail is full
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
        Fold former = folds.remove(shard);
        if (former != null) {
            former.tenure.resign();
        }
        LogContents contents = new TakeOver(store, reader, options, shard).run();
        LocalTenure tenure = new LocalTenure(contents, store, options, clock, events);
        Fold fold = new Fold(tenure, new ShardFolder(store, reader, options, tenure));
        tenure.foldBy(fold::schedule);
        folds.put(shard, fold);
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
    public void keepUp() {
        long nowNanos = clock.nanoTime();
        for (Fold fold : folds.values()) {
            fold.tenure.loseIfStalled();
            fold.retryIfDue(nowNanos);
        }
    }

    @Override
    public Optional<TenureStatus> status(int shard) {
        return Optional.ofNullable(folds.get(shard)).map(fold -> fold.tenure.status());
    }

    /// At most one fold of a tenure waits or runs at any time.
    private final class Fold {
        private final LocalTenure tenure;
        private final ShardFolder folder;
        private final AtomicBoolean isScheduled = new AtomicBoolean();

        // Written by folds, of which one runs at a time.
        private volatile @Nullable Retry retry;

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

        private void retryIfDue(long nowNanos) {
            Retry waiting = retry;
            if (waiting != null && waiting.isDue(nowNanos)) {
                schedule();
            }
        }

        private void run() {
            boolean hasFolded = false;
            try {
                // What is left of a full disk is for taking shards over; nothing is appended either.
                hasFolded = !store.isFull() && folder.fold();
            } catch (GroupStoreException e) {
                foldFailures.accept(e);
            } finally {
                retry = hasFolded || !tenure.isFoldDue() ? null : Retry.after(retry, clock.nanoTime());
                isScheduled.set(false);
            }
            if (hasFolded && tenure.isFoldDue()) {
                schedule();
            }
        }
    }

    /// When a fold that came to nothing is tried again.
    private record Retry(Duration pause, long sinceNanos) {

        private static Retry after(@Nullable Retry last, long nowNanos) {
            return new Retry(last == null ? FOLD_RETRY_MIN : longer(last.pause()), nowNanos);
        }

        private static Duration longer(Duration last) {
            Duration twice = last.multipliedBy(2);
            return twice.compareTo(FOLD_RETRY_MAX) > 0 ? FOLD_RETRY_MAX : twice;
        }

        private boolean isDue(long nowNanos) {
            return nowNanos - sinceNanos >= pause.toNanos();
        }
    }
}
