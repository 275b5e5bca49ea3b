package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ProducerSummary;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;

/// Answers DescribeProducers for the partitions that this node leads, by asking their owner.
///
/// Source: KIP-664.
final class DescribeProducersHandler implements RequestHandler {

    private static final int NOT_TRANSACTIONAL = -1;

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;
    private final Leadership leadership;

    DescribeProducersHandler(
            TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store, Leadership leadership) {
        this.directory = directory;
        this.store = store;
        this.leadership = leadership;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        List<TopicRequest> topics =
                ((DescribeProducersRequest) request.body()).data().topics();
        return NamedTopics.find(
                        directory, topics.stream().map(TopicRequest::name).toList())
                .chain(found -> {
                    List<Uni<PartitionResponse>> results = new ArrayList<>();
                    for (TopicRequest topic : topics) {
                        for (int partition : topic.partitionIndexes()) {
                            results.add(describe(found, topic.name(), partition));
                        }
                    }
                    return CommandErrors.all(results);
                })
                .map(results -> response(topics, results.iterator()));
    }

    private Uni<PartitionResponse> describe(NamedTopics topics, String name, int partition) {
        Optional<Topic> topic = topics.topic(name);
        if (topic.isEmpty()) {
            return failed(partition, new ApiError(topics.error(name)));
        }
        if (partition < 0 || partition >= topic.get().partitionCount()) {
            return failed(partition, new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }
        PartitionId partitionId = new PartitionId(topic.get().id(), partition);
        if (!leadership.isOf(partitionId)) {
            return failed(partition, new ApiError(Errors.NOT_LEADER_OR_FOLLOWER));
        }
        return store.apply(new Command.DescribeProducers(partitionId)).map(outcome -> described(partition, outcome));
    }

    private static PartitionResponse described(int partition, CommandOutcome outcome) {
        if (!(outcome instanceof CommandOutcome.ProducersDescribed(List<ProducerSummary> producers))) {
            return response(partition, CommandErrors.of(outcome));
        }
        return new PartitionResponse()
                .setPartitionIndex(partition)
                .setActiveProducers(producers.stream()
                        .map(producer -> new ProducerState()
                                .setProducerId(producer.producerId())
                                .setProducerEpoch(producer.epoch())
                                .setLastSequence(producer.lastSequence())
                                .setLastTimestamp(producer.lastMillis())
                                .setCoordinatorEpoch(NOT_TRANSACTIONAL)
                                .setCurrentTxnStartOffset(NOT_TRANSACTIONAL))
                        .toList());
    }

    private static Uni<PartitionResponse> failed(int partition, ApiError error) {
        return Uni.createFrom().item(response(partition, error));
    }

    private static PartitionResponse response(int partition, ApiError error) {
        return new PartitionResponse()
                .setPartitionIndex(partition)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.messageWithFallback());
    }

    private static KafkaResponse response(List<TopicRequest> topics, Iterator<PartitionResponse> results) {
        DescribeProducersResponseData data = new DescribeProducersResponseData();
        for (TopicRequest topic : topics) {
            TopicResponse answer = new TopicResponse().setName(topic.name());
            topic.partitionIndexes().forEach(_ -> answer.partitions().add(results.next()));
            data.topics().add(answer);
        }
        return new KafkaResponse.Answer(new DescribeProducersResponse(data));
    }
}
