package io.millrace.partition;

import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.partition.PartitionSnapshot.BatchCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// A shard's state for the checkpoint: the catalog as it was when the log ended at one position, and each partition
/// as it was at that or an earlier one. What lies between is replayed from the log.
///
/// Threads: immutable.
public final class CapturedState {

    private final CatalogPart catalog;
    /// Also some that the catalog no longer has: they were deleted after they had been taken down.
    private final Map<PartitionId, PartitionSnapshot> partitions;

    /// @param position every entry of the catalog before it counts, and none behind it
    record CatalogPart(long position, int ownerEpoch, long version, long nextProducerId, Collection<Topic> topics) {}

    CapturedState(CatalogPart catalog, Map<PartitionId, PartitionSnapshot> partitions) {
        this.catalog = catalog;
        this.partitions = partitions;
    }

    CatalogPart catalog() {
        return catalog;
    }

    PartitionSnapshot partition(PartitionId partitionId) {
        PartitionSnapshot snapshot = partitions.get(partitionId);
        if (snapshot == null) {
            throw new IllegalStateException(
                    "Broken invariant: each partition of the catalog was taken down: " + partitionId);
        }
        return snapshot;
    }

    public Collection<Topic> topics() {
        return catalog.topics();
    }

    /// Whether an entry of the log is in it already. Entries of partitions that were deleted before its end are.
    ///
    /// @param position of the entry
    public boolean has(int type, ByteBuffer body, long position) {
        if (position >= catalog.position()) {
            return false;
        }
        PartitionSnapshot snapshot =
                EntryCodec.isOfPartition(type) ? partitions.get(EntryCodec.partitionId(body)) : null;
        return snapshot == null || position < snapshot.position();
    }

    /// The partitions by the position at which they were taken down.
    public NavigableMap<Long, List<PartitionId>> slices() {
        NavigableMap<Long, List<PartitionId>> slices = new TreeMap<>();
        partitions.forEach((id, snapshot) -> slices.computeIfAbsent(snapshot.position(), _ -> new ArrayList<>())
                .add(id));
        return slices;
    }

    /// What is missing of a partition in a state that was recovered up to the position of its slice, in words; empty
    /// if nothing is.
    public Optional<String> missing(PartitionId partitionId, ShardState state) {
        PartitionLog partition = state.partitionOrNew(partitionId);
        BatchCounts expected = partition(partitionId).counts();
        BatchCounts found = partition.batchCounts();
        if (!partition.isWhole()) {
            return Optional.of(
                    "what is in segments of partition " + partitionId + " does not begin where its sealed files end");
        }
        if (!found.equals(expected)) {
            return Optional.of("partition " + partitionId + " has " + found.unsealed() + " batches in segments and "
                    + found.sealed() + " in sealed files, but " + expected.unsealed() + " and " + expected.sealed()
                    + " in the checkpoint");
        }
        return Optional.empty();
    }
}
