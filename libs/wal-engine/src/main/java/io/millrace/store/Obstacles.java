package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.ShardState;
import io.millrace.store.UnreadableSourceException.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// What cannot be read, so that whatever would copy it waits: until it is deleted, or until the next start, since a
/// disk that failed once need not fail for ever.
///
/// Threads: the upkeep thread adds; any asks. There are at most as many as partitions and places.
final class Obstacles {

    private final ShardState state;
    private final List<Obstacle> all = new CopyOnWriteArrayList<>();

    private record Obstacle(Place place, PartitionId partitionId, long lastOffset, String what) {}

    Obstacles(ShardState state) {
        this.state = state;
    }

    void add(UnreadableSourceException found) {
        all.removeIf(this::isDeleted);
        all.add(new Obstacle(
                found.place(), found.partitionId(), found.lastOffset(), String.valueOf(found.getMessage())));
    }

    private boolean isDeleted(Obstacle obstacle) {
        PartitionLog partition = state.find(obstacle.partitionId());
        return partition == null || partition.watermarks().logStartOffset() > obstacle.lastOffset();
    }

    /// Whether something in the segments cannot be read.
    boolean isInLog() {
        return all.stream().anyMatch(obstacle -> obstacle.place() == Place.SEGMENT && !isDeleted(obstacle));
    }

    /// Whether something in this partition's sealed files cannot be read.
    boolean isInFilesOf(PartitionId partitionId) {
        return partitionsInFiles().contains(partitionId);
    }

    /// Those in whose sealed files something cannot be read.
    Set<PartitionId> partitionsInFiles() {
        return all.stream()
                .filter(obstacle -> obstacle.place() == Place.SEALED_FILE && !isDeleted(obstacle))
                .map(Obstacle::partitionId)
                .collect(Collectors.toSet());
    }

    /// What stands in the way first.
    Optional<String> description() {
        return all.stream()
                .filter(obstacle -> !isDeleted(obstacle))
                .map(Obstacle::what)
                .findFirst();
    }
}
