package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;

/// Answers ElectLeaders: the leader of a partition is always the preferred one, the live ingest node that its hash
/// points to, so there is nothing to elect; without a live ingest node there is nobody to elect.
///
/// Source: KIP-183, KIP-460.
final class ElectLeadersHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;

    ElectLeadersHandler(ClusterContext context) {
        this.directory = context.directory();
        this.routing = context.routing();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        ElectLeadersRequest body = (ElectLeadersRequest) request.body();
        return directory.currentOrSeen().map(catalog -> {
            List<ReplicaElectionResult> results =
                    body.data().topicPartitions() == null ? all(catalog) : named(body, catalog);
            return new KafkaResponse.Answer(
                    new ElectLeadersResponse(0, Errors.NONE.code(), results, request.version()));
        });
    }

    private List<ReplicaElectionResult> named(ElectLeadersRequest request, Catalog catalog) {
        List<ReplicaElectionResult> results = new ArrayList<>();
        for (TopicPartitions asked : request.data().topicPartitions()) {
            ReplicaElectionResult result = new ReplicaElectionResult().setTopic(asked.topic());
            Optional<Topic> topic = catalog.topic(asked.topic());
            for (int partition : asked.partitions()) {
                ApiError error = topic.map(found -> elect(found, partition))
                        .orElseGet(() -> unknown("No such topic as " + asked.topic()));
                result.partitionResult().add(result(partition, error));
            }
            results.add(result);
        }
        return results;
    }

    /// Those that have their leader already are left out, as in Kafka.
    private List<ReplicaElectionResult> all(Catalog catalog) {
        List<ReplicaElectionResult> results = new ArrayList<>();
        for (Topic topic : catalog.topics().values()) {
            ReplicaElectionResult result = new ReplicaElectionResult().setTopic(topic.name());
            IntStream.range(0, topic.partitionCount()).forEach(partition -> {
                ApiError error = elect(topic, partition);
                if (!error.is(Errors.ELECTION_NOT_NEEDED)) {
                    result.partitionResult().add(result(partition, error));
                }
            });
            results.add(result);
        }
        return results;
    }

    private ApiError elect(Topic topic, int partition) {
        if (partition < 0 || partition >= topic.partitionCount()) {
            return unknown("No such partition as " + topic.name() + "-" + partition);
        }
        boolean hasLeader =
                routing.get().leader(new PartitionId(topic.id(), partition)).isPresent();
        return new ApiError(hasLeader ? Errors.ELECTION_NOT_NEEDED : Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }

    private static ApiError unknown(String message) {
        return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, message);
    }

    private static PartitionResult result(int partition, ApiError error) {
        return new PartitionResult()
                .setPartitionId(partition)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.messageWithFallback());
    }
}
