package io.millrace.coordinator;

import io.millrace.api.feed.CatalogView;
import io.millrace.api.http.StoreClient;
import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.model.Catalog;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts the ends of the partitions beside committed offsets.
///
/// Threads: from any; never blocks. Errors: a partition whose end wal-store does not tell has none, and so no lag.
final class PartitionEnds {

    private static final Comparator<CommittedOffset> BY_PARTITION =
            Comparator.comparing(CommittedOffset::topic).thenComparingInt(CommittedOffset::partition);

    private final CatalogView catalog;
    private final StoreClient store;

    PartitionEnds(CatalogView catalog, StoreClient store) {
        this.catalog = catalog;
        this.store = store;
    }

    Uni<List<OffsetView>> beside(List<CommittedOffset> committed) {
        Catalog topics = catalog.catalog();
        List<CommittedOffset> sorted = committed.stream().sorted(BY_PARTITION).toList();
        List<CommittedOffset> asked = new ArrayList<>();
        List<OffsetQuery> queries = new ArrayList<>();
        for (CommittedOffset offset : sorted) {
            topics.topic(offset.topic())
                    .filter(topic -> offset.partition() < topic.partitionCount())
                    .ifPresent(topic -> {
                        asked.add(offset);
                        queries.add(new OffsetQuery.Latest(
                                new PartitionId(topic.id(), offset.partition()), IsolationLevel.READ_UNCOMMITTED));
                    });
        }
        if (queries.isEmpty()) {
            return Uni.createFrom().item(views(sorted, Map.of()));
        }
        return store.offsets(queries).map(outcomes -> views(sorted, ends(asked, outcomes)));
    }

    private static Map<CommittedOffset, Long> ends(List<CommittedOffset> asked, List<OffsetOutcome> outcomes) {
        Map<CommittedOffset, Long> ends = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            if (outcomes.get(i) instanceof OffsetOutcome.Found found) {
                ends.put(asked.get(i), found.offset());
            }
        }
        return ends;
    }

    private static List<OffsetView> views(List<CommittedOffset> committed, Map<CommittedOffset, Long> ends) {
        return committed.stream()
                .map(offset -> {
                    Long end = ends.get(offset);
                    return new OffsetView(
                            offset.topic(),
                            offset.partition(),
                            offset.offset(),
                            offset.metadata(),
                            end,
                            end == null ? null : Math.max(0, end - offset.offset()));
                })
                .toList();
    }
}
