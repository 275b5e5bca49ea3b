package io.millrace.partition;

import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import java.util.List;

/// New runs of one partition, which take the place of all that it had between their first and their last
/// offset: what was still in the write-ahead log, or older runs, each as a whole.
///
/// Threads: immutable.
///
/// @param runs in order and adjacent; their files are durable
public record SealedSwap(PartitionId partitionId, List<SealedRun> runs) {

    public SealedSwap {
        runs = List.copyOf(runs);
        Invariant.check(!runs.isEmpty(), "a swap has runs");
        for (int i = 1; i < runs.size(); i++) {
            Invariant.check(
                    runs.get(i - 1).endOffset() == runs.get(i).firstOffset(), "the runs of a swap are adjacent");
        }
    }

    long firstOffset() {
        return runs.getFirst().firstOffset();
    }

    long endOffset() {
        return runs.getLast().endOffset();
    }
}
