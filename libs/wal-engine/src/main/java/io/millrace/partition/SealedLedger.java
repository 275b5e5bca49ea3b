package io.millrace.partition;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/// How much of each sealed file belongs to runs that can still be read.
///
/// Threads: the commit thread changes it, the upkeep thread forgets files that are gone; any thread may look.
/// Units: bytes.
public final class SealedLedger {

    /// By file number. Only the commit thread changes the counts.
    private final ConcurrentSkipListMap<Long, Use> files = new ConcurrentSkipListMap<>();

    /// Written by the commit thread.
    private volatile boolean hasDead;

    /// Set by the commit thread, cleared by the upkeep thread.
    private volatile boolean hasSparse;

    private static final class Use {

        private final long bytes;
        private final boolean isShared;
        /// Written by the commit thread.
        private volatile int liveRuns;

        private volatile long liveBytes;

        Use(long bytes, boolean isShared) {
            this.bytes = bytes;
            this.isShared = isShared;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
        void count(int runs, long runBytes) {
            liveRuns += runs;
            liveBytes += runBytes;
        }

        /// Worth being written again, for the space of its dead runs.
        boolean isSparse() {
            return isShared && liveRuns > 0 && 2 * liveBytes < bytes;
        }
    }

    /// How partitions lie in a file.
    public enum Content {
        ONE_PARTITION,
        SHARED
    }

    /// From now on runs of this file may come to life.
    public void open(long number, long bytes, Content content) {
        files.put(number, new Use(bytes, content == Content.SHARED));
    }

    void add(SealedRun run) {
        Use use = files.get(run.fileNumber());
        if (use == null) {
            throw new IllegalStateException("Broken invariant: a file is opened before its runs: " + run);
        }
        use.count(1, run.bytes());
    }

    void remove(SealedRun run) {
        Use use = files.get(run.fileNumber());
        if (use == null) {
            throw new IllegalStateException("Broken invariant: a file with living runs is known: " + run);
        }
        use.count(-1, -run.bytes());
        look(use);
    }

    private void look(Use use) {
        if (use.liveRuns == 0) {
            hasDead = true;
        } else if (use.isSparse()) {
            hasSparse = true;
        }
    }

    /// To be called when the runs of files that were opened have been added: some may have none.
    public void lookAtAll() {
        files.values().forEach(this::look);
    }

    public long liveBytes(long number) {
        Use use = files.get(number);
        return use == null ? 0 : use.liveBytes;
    }

    /// Whether a file died since the dead ones were taken.
    public boolean hasDead() {
        return hasDead;
    }

    /// The files in which nothing lives. Called by the commit thread.
    public Set<Long> takeDead() {
        hasDead = false;
        return numbers(use -> use.liveRuns == 0);
    }

    /// The files in which something lives.
    public Set<Long> living() {
        return numbers(use -> use.liveRuns > 0);
    }

    private Set<Long> numbers(Predicate<Use> filter) {
        Set<Long> numbers = new TreeSet<>();
        files.forEach((number, use) -> {
            if (filter.test(use)) {
                numbers.add(number);
            }
        });
        return numbers;
    }

    /// Whether a shared file became less than half full since the sparse ones were taken.
    public boolean hasSparse() {
        return hasSparse;
    }

    /// Shared files of which less than half lives, up to this many living bytes. Called by the upkeep thread.
    ///
    /// @param leftOut which are not among them
    public Set<Long> takeSparse(long bytesMax, Set<Long> leftOut) {
        hasSparse = false;
        Set<Long> sparse = new TreeSet<>();
        long bytes = 0;
        for (Long number : files.keySet()) {
            Use use = files.get(number);
            if (use != null && use.isSparse() && !leftOut.contains(number)) {
                bytes += use.liveBytes;
                if (bytes > bytesMax && !sparse.isEmpty()) {
                    hasSparse = true;
                    break;
                }
                sparse.add(number);
            }
        }
        return sparse;
    }

    /// Sparse files could not be written again now.
    public void putBackSparse() {
        hasSparse = true;
    }

    public void forget(Set<Long> numbers) {
        files.keySet().removeAll(numbers);
    }
}
