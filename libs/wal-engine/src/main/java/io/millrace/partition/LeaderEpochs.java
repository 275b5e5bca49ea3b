package io.millrace.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// At which offset each owner's epoch began in one partition.
///
/// Threads: one writer; readers see a list that never changes. Source: KIP-101, KIP-320.
final class LeaderEpochs {

    /// Written by the commit thread. Ascending in both.
    private volatile List<EpochStart> starts = List.of();
    /// Of the commit thread: the epoch of the last start, so that most batches need not look at it.
    private int lastEpoch = -1;

    /// One epoch that wrote something.
    record EpochStart(int epoch, long startOffset) {}

    void apply(int epoch, long baseOffset) {
        if (epoch > lastEpoch) {
            List<EpochStart> longer = new ArrayList<>(starts);
            longer.add(new EpochStart(epoch, baseOffset));
            restore(longer);
        }
    }

    /// Forgets what ended at or before this offset.
    void truncateBefore(long logStartOffset) {
        List<EpochStart> known = starts;
        int first = 0;
        while (first + 1 < known.size() && known.get(first + 1).startOffset() <= logStartOffset) {
            first++;
        }
        starts = List.copyOf(known.subList(first, known.size()));
    }

    /// The epoch in which the record at this offset was written, or the last one if the offset is the end.
    OptionalInt epochAt(long offset) {
        OptionalInt epoch = OptionalInt.empty();
        for (EpochStart start : starts) {
            if (start.startOffset() <= offset) {
                epoch = OptionalInt.of(start.epoch());
            }
        }
        return epoch;
    }

    /// The end of the largest epoch that is not later than the wanted one.
    ///
    /// @param current the owner's epoch, which began at the end of the log if it wrote nothing yet
    /// @return null if the wanted epoch is later than the owner's
    @Nullable
    EpochEnd endOf(int wanted, int current, long logEndOffset) {
        if (wanted > current) {
            return null;
        }
        EpochEnd found = new EpochEnd(wanted, logEndOffset);
        List<EpochStart> known = starts;
        for (int i = known.size() - 1; i >= 0; i--) {
            EpochStart start = known.get(i);
            if (start.epoch() <= wanted) {
                return new EpochEnd(wanted == current ? current : start.epoch(), found.endOffset());
            }
            found = new EpochEnd(wanted, start.startOffset());
        }
        return found;
    }

    record EpochEnd(int epoch, long endOffset) {}

    List<EpochStart> starts() {
        return starts;
    }

    void restore(List<EpochStart> restored) {
        starts = List.copyOf(restored);
        lastEpoch = restored.isEmpty() ? -1 : restored.getLast().epoch();
    }
}
