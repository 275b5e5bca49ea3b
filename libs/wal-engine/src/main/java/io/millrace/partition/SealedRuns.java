package io.millrace.partition;

import io.millrace.model.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sealed runs of one partition: adjacent, in order. What follows the last one is in the write-ahead log.
///
/// Threads: immutable.
public final class SealedRuns {

    static final SealedRuns NONE = new SealedRuns(List.of());

    private final SealedRun[] runs;
    private final long batchCount;

    private SealedRuns(List<SealedRun> runs) {
        this.runs = runs.toArray(SealedRun[]::new);
        long count = 0;
        for (int i = 0; i < this.runs.length; i++) {
            boolean isAdjacent = i == 0 || this.runs[i - 1].endOffset() == this.runs[i].firstOffset();
            Invariant.check(isAdjacent, "sealed runs are adjacent");
            count += this.runs[i].batchCount();
        }
        this.batchCount = count;
    }

    /// These runs, which are adjacent and in order.
    public static SealedRuns of(List<SealedRun> runs) {
        return new SealedRuns(runs);
    }

    /// Those that count among all runs that the partition's files hold: a later one has replaced what it
    /// overlaps.
    ///
    /// @param latestFirst in the order of the files, the latest first
    /// @return empty if something between two of them is missing
    static @Nullable SealedRuns ofFiles(List<SealedRun> latestFirst, long logStartOffset) {
        TreeMap<Long, SealedRun> counting = new TreeMap<>();
        for (SealedRun run : latestFirst) {
            Map.Entry<Long, SealedRun> before = counting.lowerEntry(run.endOffset());
            boolean isReplaced = before != null && before.getValue().endOffset() > run.firstOffset();
            if (!isReplaced && run.endOffset() > logStartOffset) {
                counting.put(run.firstOffset(), run);
            }
        }
        SealedRun previous = null;
        for (SealedRun run : counting.values()) {
            if (previous != null && previous.endOffset() != run.firstOffset()) {
                return null;
            }
            previous = run;
        }
        return new SealedRuns(List.copyOf(counting.values()));
    }

    public int count() {
        return runs.length;
    }

    public SealedRun run(int at) {
        return runs[at];
    }

    public boolean isEmpty() {
        return runs.length == 0;
    }

    /// Where the write-ahead log takes over.
    ///
    /// @param otherwise if nothing is sealed
    public long endOffset(long otherwise) {
        return runs.length == 0 ? otherwise : runs[runs.length - 1].endOffset();
    }

    /// The run that answers for this offset, or the first one if it lies before; null if it lies behind all
    /// runs.
    public @Nullable SealedRun answering(long offset) {
        int low = 0;
        int high = runs.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (runs[middle].endOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low == runs.length ? null : runs[low];
    }

    long batchCount() {
        return batchCount;
    }

    /// Without the runs that end at or before this offset.
    SealedRuns from(long logStartOffset, Consumer<SealedRun> dropped) {
        int first = 0;
        while (first < runs.length && runs[first].endOffset() <= logStartOffset) {
            dropped.accept(runs[first++]);
        }
        return first == 0 ? this : new SealedRuns(List.of(runs).subList(first, runs.length));
    }

    /// With these runs instead of what the swap covers.
    ///
    /// @param living those of the swap's runs that do not end before the log's start
    SealedRuns with(SealedSwap swap, List<SealedRun> living, Consumer<SealedRun> dropped) {
        List<SealedRun> after = new ArrayList<>(runs.length + living.size());
        boolean isPlaced = false;
        for (SealedRun run : runs) {
            boolean isBefore = run.endOffset() <= swap.firstOffset();
            if (!isBefore && !isPlaced) {
                after.addAll(living);
                isPlaced = true;
            }
            boolean isCovered = run.firstOffset() >= swap.firstOffset() && run.endOffset() <= swap.endOffset();
            if (isCovered) {
                dropped.accept(run);
            } else {
                after.add(run);
            }
        }
        if (!isPlaced) {
            after.addAll(living);
        }
        return new SealedRuns(after);
    }
}
