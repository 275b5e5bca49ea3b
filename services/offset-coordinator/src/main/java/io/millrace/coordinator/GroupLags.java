package io.millrace.coordinator;

import io.millrace.api.feed.CatalogView;
import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the ends of the partitions beside committed offsets.
///
/// Threads: from any; never blocks. Errors: a partition whose end is not known has none, and so no lag.
final class GroupLags {

    private static final Comparator<CommittedOffset> BY_PARTITION =
            Comparator.comparing(CommittedOffset::topic).thenComparingInt(CommittedOffset::partition);

    private final CatalogView catalog;
    private final EndOffsets ends;

    GroupLags(CatalogView catalog, EndOffsets ends) {
        this.catalog = catalog;
        this.ends = ends;
    }

    Uni<List<OffsetView>> beside(List<CommittedOffset> committed) {
        Catalog topics = catalog.catalog();
        List<CommittedOffset> sorted = committed.stream().sorted(BY_PARTITION).toList();
        List<PartitionId> partitions = sorted.stream()
                .flatMap(offset -> partition(topics, offset).stream())
                .toList();
        return ends.of(partitions)
                .map(known -> sorted.stream()
                        .map(offset -> view(offset, partition(topics, offset), known))
                        .toList());
    }

    /// Empty if the topic is gone.
    private static Optional<PartitionId> partition(Catalog topics, CommittedOffset offset) {
        return topics.topic(offset.topic())
                .filter(topic -> offset.partition() < topic.partitionCount())
                .map(topic -> new PartitionId(topic.id(), offset.partition()));
    }

    private static OffsetView view(
            CommittedOffset offset, Optional<PartitionId> partition, Map<PartitionId, Long> known) {
        Long end = partition.map(known::get).orElse(null);
        return new OffsetView(
                offset.topic(),
                offset.partition(),
                offset.offset(),
                offset.metadata(),
                end,
                end == null ? null : Math.max(0, end - offset.offset()));
    }
}
