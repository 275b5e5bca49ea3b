package io.millrace.partition;

import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/// Takes the state down in slices, while it goes on between them: each partition as it is in its slice, the catalog as
/// it is at the end.
///
/// What it takes of a partition shares its parts with it, and the partition makes new ones when it changes, so a slice
/// costs the same however much the partitions remember.
///
/// Threads: the commit thread, between two rounds.
public final class StateCapture {

    private final ShardState state;
    private final int partitionsPerSlice;
    /// Those that there were at the beginning.
    private final Iterator<PartitionLog> rest;

    private final Map<PartitionId, PartitionSnapshot> taken = new HashMap<>();
    /// What it was at the last slice: topics that changed since may have new partitions.
    private Catalog seen;

    public StateCapture(ShardState state, int partitionsPerSlice) {
        this.state = state;
        this.partitionsPerSlice = partitionsPerSlice;
        this.rest = state.allPartitions().iterator();
        this.seen = state.catalog();
    }

    /// Takes one slice, and with it all partitions that were created since the last one, so that it comes to an end
    /// however many there are.
    ///
    /// @param position where the log ends now
    /// @return empty if there is more to take
    public Optional<CapturedState> step(long position) {
        for (int i = 0; i < partitionsPerSlice && rest.hasNext(); i++) {
            take(rest.next(), position);
        }
        takeCreated(position);
        return rest.hasNext() ? Optional.empty() : Optional.of(captured(position));
    }

    private void take(PartitionLog partition, long position) {
        taken.put(partition.id(), partition.snapshot(position));
    }

    private void takeCreated(long position) {
        Catalog catalog = state.catalog();
        for (Topic topic : catalog.topics().notIn(seen.topics())) {
            Topic before = seen.topics().get(topic.id());
            for (int i = before == null ? 0 : before.partitionCount(); i < topic.partitionCount(); i++) {
                take(state.partitionOrNew(new PartitionId(topic.id(), i)), position);
            }
        }
        seen = catalog;
    }

    private CapturedState captured(long position) {
        return new CapturedState(
                new CapturedState.CatalogPart(
                        position,
                        seen.ownerEpoch(),
                        seen.version(),
                        state.nextProducerId(),
                        seen.topics().values()),
                taken);
    }
}
