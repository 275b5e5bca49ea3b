package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/// Answers OffsetForLeaderEpoch with what the owner of the log says now.
///
/// Threads: called on event loops, never blocks. Source: KIP-101, KIP-320.
final class OffsetForLeaderEpochHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> store;

    OffsetForLeaderEpochHandler(TopicDirectory directory, Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> store) {
        this.directory = directory;
        this.store = store;
    }

    private record Slot(EpochEndOffset response, Optional<OffsetQuery> query) {}

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetForLeaderEpochRequestData data = ((OffsetsForLeaderEpochRequest) request.body()).data();
        List<String> names =
                data.topics().stream().map(OffsetForLeaderTopic::topic).toList();
        return NamedTopics.find(directory, names).chain(topics -> answer(data, topics));
    }

    private Uni<KafkaResponse> answer(OffsetForLeaderEpochRequestData request, NamedTopics topics) {
        OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
        List<Slot> asked = new ArrayList<>();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                Slot slot = slot(topic.topic(), partition, topics);
                result.partitions().add(slot.response());
                if (slot.query().isPresent()) {
                    asked.add(slot);
                }
            }
            data.topics().add(result);
        }
        KafkaResponse response = new KafkaResponse.Answer(new OffsetsForLeaderEpochResponse(data));
        if (asked.isEmpty()) {
            return Uni.createFrom().item(response);
        }
        return store.apply(
                        asked.stream().map(slot -> slot.query().orElseThrow()).toList())
                .invoke(outcomes -> fill(asked, outcomes))
                .replaceWith(response);
    }

    private Slot slot(String name, OffsetForLeaderPartition partition, NamedTopics topics) {
        EpochEndOffset response = new EpochEndOffset().setPartition(partition.partition());
        Optional<Topic> topic = topics.topic(name);
        if (topic.isEmpty()) {
            return new Slot(response.setErrorCode(topics.error(name).code()), Optional.empty());
        }
        boolean exists = partition.partition() >= 0
                && partition.partition() < topic.get().partitionCount();
        Optional<Errors> problem = exists
                ? LeaderEpochs.problem(partition.currentLeaderEpoch(), directory.catalog())
                : Optional.of(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        if (problem.isPresent()) {
            return new Slot(response.setErrorCode(problem.get().code()), Optional.empty());
        }
        PartitionId id = new PartitionId(topic.get().id(), partition.partition());
        return new Slot(response, Optional.of(new OffsetQuery.EndOfEpoch(id, partition.leaderEpoch())));
    }

    private static void fill(List<Slot> asked, List<OffsetOutcome> outcomes) {
        for (int i = 0; i < asked.size(); i++) {
            EpochEndOffset response = asked.get(i).response();
            switch (outcomes.get(i)) {
                case OffsetOutcome.Found found ->
                    response.setEndOffset(found.offset()).setLeaderEpoch(found.leaderEpoch());
                // The defaults of the response are Kafka's words for "no such epoch".
                case OffsetOutcome.NotFound ignored -> {}
                case OffsetOutcome.Refused refused ->
                    response.setErrorCode(KafkaErrors.of(refused.refusal()).code());
                case OffsetOutcome.Unknown ignored ->
                    response.setErrorCode(KafkaErrors.ofFailedLookUp().code());
                case OffsetOutcome.InBatch other ->
                    throw new IllegalStateException("Broken invariant: an epoch's end was answered with " + other);
            }
        }
    }
}
