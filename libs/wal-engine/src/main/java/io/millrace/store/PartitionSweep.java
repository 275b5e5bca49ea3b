package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.ShardDraft;
import io.millrace.partition.ShardState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// Looks at all partitions at intervals, some in each round: what retention deletes, and what compaction should do.
///
/// Threads: the commit thread.
final class PartitionSweep {

    private static final int PARTITIONS_PER_ROUND = 500;
    private static final int ENTRY_BYTES_MAX = 64;

    private final ShardState state;
    private final long intervalNanos;
    private final NanoClock clock;
    private final CompactionChoice compaction;
    private Iterator<PartitionId> rest = Collections.emptyIterator();
    private long nextNanos;

    PartitionSweep(ShardState state, Duration interval, NanoClock clock, CompactionChoice compaction) {
        this.state = state;
        this.intervalNanos = interval.toNanos();
        this.clock = clock;
        this.compaction = compaction;
        this.nextNanos = clock.nanos() + intervalNanos;
    }

    boolean isDue() {
        return rest.hasNext() || clock.nanos() - nextNanos >= 0;
    }

    /// What the entries of the partitions that are due have in a round, at most.
    int dueBytes() {
        return isDue() ? PARTITIONS_PER_ROUND * ENTRY_BYTES_MAX : 0;
    }

    /// One step.
    ///
    /// @return what retention deletes of the partitions that were due
    List<ShardDraft.Expiry> visit(ShardDraft draft, long nowMillis) {
        if (!isDue()) {
            return List.of();
        }
        if (!rest.hasNext()) {
            nextNanos = clock.nanos() + intervalNanos;
            rest = state.partitionIds();
        }
        List<ShardDraft.Expiry> expiries = new ArrayList<>();
        for (int i = 0; i < PARTITIONS_PER_ROUND && rest.hasNext(); i++) {
            PartitionId partitionId = rest.next();
            draft.expire(partitionId, nowMillis).ifPresent(expiries::add);
            compaction.consider(partitionId, nowMillis);
        }
        if (!rest.hasNext()) {
            compaction.choose(nowMillis);
        }
        return expiries;
    }
}
