package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.ShardState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// Says when which partitions are looked at for retention: all of them at intervals, some in each round.
///
/// Threads: the commit thread.
final class RetentionSweep {

    private static final int PARTITIONS_PER_ROUND = 500;
    private static final int ENTRY_BYTES_MAX = 64;

    private final ShardState state;
    private final long intervalNanos;
    private final NanoClock clock;
    private Iterator<PartitionId> rest = Collections.emptyIterator();
    private long nextNanos;

    RetentionSweep(ShardState state, Duration interval, NanoClock clock) {
        this.state = state;
        this.intervalNanos = interval.toNanos();
        this.clock = clock;
        this.nextNanos = clock.nanos() + intervalNanos;
    }

    boolean isDue() {
        return rest.hasNext() || clock.nanos() - nextNanos >= 0;
    }

    /// What the entries of the partitions that are due have in a round, at most.
    int dueBytes() {
        return isDue() ? PARTITIONS_PER_ROUND * ENTRY_BYTES_MAX : 0;
    }

    /// None if none is due.
    List<PartitionId> takeDue() {
        if (!rest.hasNext() && isDue()) {
            nextNanos = clock.nanos() + intervalNanos;
            rest = state.partitionIds();
        }
        List<PartitionId> taken = new ArrayList<>();
        while (rest.hasNext() && taken.size() < PARTITIONS_PER_ROUND) {
            taken.add(rest.next());
        }
        return taken;
    }
}
