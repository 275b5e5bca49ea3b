package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/// Answers ListOffsets with what the owner of the log says now; one call to wal-store for all partitions of a request.
///
/// Threads: called on event loops, never blocks. Source: Kafka protocol, ListOffsets; KIP-734, KIP-405, KIP-1005,
/// KIP-1023.
final class ListOffsetsHandler implements RequestHandler {

    private static final short FIRST_VERSION_WITH_LEADER_EPOCH = 4;

    /// Since which version a negative timestamp means something.
    private static final Map<Long, Integer> VERSION_OF_TIMESTAMP = Map.of(
            ListOffsetsRequest.LATEST_TIMESTAMP, 1,
            ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
            ListOffsetsRequest.MAX_TIMESTAMP, 7,
            ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
            ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9,
            ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11);

    private final TopicDirectory directory;
    private final Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> store;
    private final Executor decompression;

    ListOffsetsHandler(
            TopicDirectory directory,
            Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> store,
            Executor decompression) {
        this.directory = directory;
        this.store = store;
        this.decompression = decompression;
    }

    /// One partition of the answer, with the question behind it if there is one for wal-store.
    private record Slot(ListOffsetsPartitionResponse response, Optional<OffsetQuery> query) {}

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        ListOffsetsRequest body = (ListOffsetsRequest) request.body();
        List<String> names = body.topics().stream().map(ListOffsetsTopic::name).toList();
        return NamedTopics.find(directory, names).chain(topics -> answer(body, topics));
    }

    private Uni<KafkaResponse> answer(ListOffsetsRequest request, NamedTopics topics) {
        ListOffsetsResponseData data = new ListOffsetsResponseData();
        List<Slot> asked = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            ListOffsetsTopicResponse topicResponse = new ListOffsetsTopicResponse().setName(topic.name());
            for (ListOffsetsPartition partition : topic.partitions()) {
                Slot slot = slot(request, topic, partition, topics);
                topicResponse.partitions().add(slot.response());
                if (slot.query().isPresent()) {
                    asked.add(slot);
                }
            }
            data.topics().add(topicResponse);
        }
        KafkaResponse response = new KafkaResponse.Answer(new ListOffsetsResponse(data));
        if (asked.isEmpty()) {
            return Uni.createFrom().item(response);
        }
        List<OffsetQuery> queries =
                asked.stream().map(slot -> slot.query().orElseThrow()).toList();
        return store.apply(queries)
                .chain(outcomes -> resolved(queries, outcomes))
                .invoke(outcomes -> fill(asked, outcomes, request.version()))
                .replaceWith(response);
    }

    private Slot slot(
            ListOffsetsRequest request, ListOffsetsTopic topic, ListOffsetsPartition partition, NamedTopics topics) {
        int index = partition.partitionIndex();
        Optional<Topic> found = topics.topic(topic.name());
        if (request.duplicatePartitions().contains(new TopicPartition(topic.name(), index))) {
            return failed(index, Errors.INVALID_REQUEST);
        }
        if (isUnsupported(partition.timestamp(), request.version())) {
            return failed(index, Errors.UNSUPPORTED_VERSION);
        }
        if (found.isEmpty()) {
            return failed(index, topics.error(topic.name()));
        }
        if (index < 0 || index >= found.get().partitionCount()) {
            return failed(index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Optional<Errors> fenced = LeaderEpochs.problem(partition.currentLeaderEpoch(), directory.catalog());
        if (fenced.isPresent()) {
            return failed(index, fenced.get());
        }
        PartitionId id = new PartitionId(found.get().id(), index);
        IsolationLevel isolationLevel = switch (request.isolationLevel()) {
            case READ_UNCOMMITTED -> IsolationLevel.READ_UNCOMMITTED;
            case READ_COMMITTED -> IsolationLevel.READ_COMMITTED;
        };
        return new Slot(
                new ListOffsetsPartitionResponse().setPartitionIndex(index),
                query(id, partition.timestamp(), isolationLevel));
    }

    /// No query for what lies in tiered storage: there is none, and -1 says so.
    private static Optional<OffsetQuery> query(PartitionId id, long timestamp, IsolationLevel isolationLevel) {
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return Optional.of(new OffsetQuery.Latest(id, isolationLevel));
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            return Optional.of(new OffsetQuery.Earliest(id));
        }
        if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
            return Optional.of(new OffsetQuery.MaxTimestamp(id));
        }
        return timestamp < 0 ? Optional.empty() : Optional.of(new OffsetQuery.AtTimestamp(id, timestamp));
    }

    private Uni<List<OffsetOutcome>> resolved(List<OffsetQuery> queries, List<OffsetOutcome> outcomes) {
        if (outcomes.stream().noneMatch(OffsetOutcome.InBatch.class::isInstance)) {
            return Uni.createFrom().item(outcomes);
        }
        return Uni.createFrom()
                .item(() -> {
                    List<OffsetOutcome> resolved = new ArrayList<>(outcomes);
                    for (int i = 0; i < resolved.size(); i++) {
                        if (resolved.get(i) instanceof OffsetOutcome.InBatch found) {
                            resolved.set(i, TimestampSearch.find(queries.get(i), found));
                        }
                    }
                    return resolved;
                })
                .runSubscriptionOn(decompression);
    }

    private static void fill(List<Slot> asked, List<OffsetOutcome> outcomes, short version) {
        for (int i = 0; i < asked.size(); i++) {
            ListOffsetsPartitionResponse response = asked.get(i).response();
            switch (outcomes.get(i)) {
                case OffsetOutcome.Found found -> {
                    response.setOffset(found.offset()).setTimestamp(found.timestampMillis());
                    if (version >= FIRST_VERSION_WITH_LEADER_EPOCH) {
                        response.setLeaderEpoch(found.leaderEpoch());
                    }
                }
                case OffsetOutcome.NotFound ignored -> response.setOffset(ListOffsetsResponse.UNKNOWN_OFFSET);
                case OffsetOutcome.Refused refused ->
                    response.setErrorCode(KafkaErrors.of(refused.refusal()).code());
                case OffsetOutcome.Unknown ignored ->
                    response.setErrorCode(KafkaErrors.ofFailedLookUp().code());
                case OffsetOutcome.InBatch unresolved ->
                    throw new IllegalStateException("Broken invariant: all batches are resolved, but " + unresolved);
            }
        }
    }

    private static boolean isUnsupported(long timestamp, short version) {
        return timestamp < 0 && version < VERSION_OF_TIMESTAMP.getOrDefault(timestamp, Integer.MAX_VALUE);
    }

    private static Slot failed(int partition, Errors error) {
        return new Slot(
                new ListOffsetsPartitionResponse().setPartitionIndex(partition).setErrorCode(error.code()),
                Optional.empty());
    }
}
