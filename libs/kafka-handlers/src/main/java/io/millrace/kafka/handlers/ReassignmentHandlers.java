package io.millrace.kafka.handlers;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ListPartitionReassignmentsResponse;

/// Answers about moving partitions: none moves, since wal-store keeps each where it was created.
///
/// A request for what is so already succeeds, every other one is refused.
///
/// Source: KIP-455.
final class ReassignmentHandlers {

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;

    ReassignmentHandlers(ClusterContext context) {
        this.directory = context.directory();
        this.routing = context.routing();
    }

    /// No reassignment is ever under way.
    Uni<KafkaResponse> list(KafkaRequest request) {
        return Answers.of(new ListPartitionReassignmentsResponse(new ListPartitionReassignmentsResponseData()));
    }

    Uni<KafkaResponse> alter(KafkaRequest request) {
        AlterPartitionReassignmentsRequest body = (AlterPartitionReassignmentsRequest) request.body();
        return directory.currentOrSeen().map(catalog -> new KafkaResponse.Answer(answer(body, catalog)));
    }

    private AlterPartitionReassignmentsResponse answer(AlterPartitionReassignmentsRequest request, Catalog catalog) {
        AlterPartitionReassignmentsResponseData data = new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(request.data().allowReplicationFactorChange());
        for (ReassignableTopic asked : request.data().topics()) {
            ReassignableTopicResponse result = new ReassignableTopicResponse().setName(asked.name());
            for (ReassignablePartition partition : asked.partitions()) {
                ApiError error = reassign(catalog.topic(asked.name()), partition);
                result.partitions()
                        .add(new ReassignablePartitionResponse()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.error().code())
                                .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null));
            }
            data.responses().add(result);
        }
        return new AlterPartitionReassignmentsResponse(data);
    }

    private ApiError reassign(Optional<Topic> topic, ReassignablePartition asked) {
        int partition = asked.partitionIndex();
        if (topic.isEmpty() || partition < 0 || partition >= topic.get().partitionCount()) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        List<Integer> wanted = asked.replicas();
        if (wanted == null) {
            return new ApiError(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
        boolean isThere = routing.get()
                .leader(new PartitionId(topic.get().id(), partition))
                .map(leader -> wanted.equals(List.of(leader.nodeId())))
                .orElse(false);
        return isThere
                ? ApiError.NONE
                : new ApiError(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "This cluster places partitions itself: they cannot be moved to " + wanted + ".");
    }
}
