package io.millrace.coordinator;

import io.millrace.api.http.AppendSession;
import io.millrace.api.http.StoreService;
import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Refusal;
import io.millrace.model.SizesOutcome;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A wal-store with one topic, `orders`, of two partitions whose records have the offsets 5 to 99.
final class OneTopicStore implements StoreService {

    private static final Catalog CATALOG =
            Catalog.of("test-cluster", 1, 1, List.of(new Topic(new TopicId(1, 2), "orders", 2, Map.of())));

    @Override
    public Catalog catalog() {
        return CATALOG;
    }

    @Override
    public Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        return Uni.createFrom().item(queries.stream().map(OneTopicStore::offset).toList());
    }

    private static OffsetOutcome offset(OffsetQuery query) {
        return switch (query) {
            case OffsetQuery.Earliest _ -> new OffsetOutcome.Found(5, -1, 1);
            case OffsetQuery.Latest _ -> new OffsetOutcome.Found(100, -1, 1);
            case OffsetQuery.AtTimestamp at ->
                at.timestampMillis() < 1_000 ? new OffsetOutcome.Found(42, 1_000, 1) : new OffsetOutcome.NotFound();
            case OffsetQuery.MaxTimestamp _, OffsetQuery.EndOfEpoch _ -> new OffsetOutcome.NotFound();
        };
    }

    @Override
    public Uni<SizesOutcome> sizes(List<PartitionId> partitionIds) {
        return Uni.createFrom().item(new SizesOutcome.Unknown("not in this test"));
    }

    @Override
    public Uni<CommandOutcome> execute(Command command) {
        return Uni.createFrom().item(new CommandOutcome.Refused(Refusal.POLICY_VIOLATION, "there is one topic only"));
    }

    @Override
    public AppendSession openSession(String ingestInstance) {
        throw new IllegalStateException("a coordinator appends nothing");
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        throw new IllegalStateException("a coordinator reads nothing");
    }

    @Override
    public Optional<Watermarks> watermarks(PartitionId partitionId) {
        return Optional.of(new Watermarks(5, 100, 100, 1));
    }
}
