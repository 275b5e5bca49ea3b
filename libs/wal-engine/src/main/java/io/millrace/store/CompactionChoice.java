package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.CompactionTask;
import io.millrace.partition.CompactionWorth;
import io.millrace.partition.CompactionWorth.Urgency;
import io.millrace.partition.ShardState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Which partitions are compacted next: the most urgent ones that the last look at all of them found.
///
/// Threads: the commit thread looks and chooses, the upkeep thread takes; any asks how dirty it is.
final class CompactionChoice {

    private static final int CHOSEN_MAX = 64;

    private final ShardState state;
    /// The least urgent first, so that a more urgent one takes its place.
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(Comparator.comparing(Candidate::worth));

    /// The most urgent first; bounded, since it is filled anew only by a whole look.
    private final Queue<CompactionTask> chosen = new ConcurrentLinkedQueue<>();

    private double seenRatioMax;
    /// Written by the commit thread.
    private volatile double dirtyRatioMax;

    private record Candidate(PartitionId partitionId, CompactionWorth worth) {}

    CompactionChoice(ShardState state) {
        this.state = state;
    }

    void consider(PartitionId partitionId, long nowMillis) {
        Optional<CompactionWorth> worth = state.compactionWorth(partitionId, nowMillis);
        if (worth.isEmpty()) {
            return;
        }
        seenRatioMax = Math.max(seenRatioMax, worth.get().dirtyRatio());
        if (worth.get().urgency() != Urgency.NONE) {
            candidates.add(new Candidate(partitionId, worth.get()));
            if (candidates.size() > CHOSEN_MAX) {
                candidates.remove();
            }
        }
    }

    /// All partitions were considered.
    void choose(long nowMillis) {
        dirtyRatioMax = seenRatioMax;
        seenRatioMax = 0;
        List<CompactionTask> tasks = new ArrayList<>();
        for (Candidate next = candidates.poll(); next != null; next = candidates.poll()) {
            state.compactionTask(next.partitionId(), nowMillis).ifPresent(tasks::addFirst);
        }
        chosen.clear();
        chosen.addAll(tasks);
    }

    boolean isEmpty() {
        return chosen.isEmpty();
    }

    /// Empty if nothing has to be compacted.
    Optional<CompactionTask> take() {
        for (CompactionTask next = chosen.poll(); next != null; next = chosen.poll()) {
            if (next.isCurrent()) {
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    /// The largest share of a compacted partition that could be compacted and is not, at the last look.
    double dirtyRatioMax() {
        return dirtyRatioMax;
    }
}
