package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeQuorumRequestData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumRequestData.TopicData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.DescribeQuorumResponse;

/// Answers DescribeQuorum about the catalog: a quorum of one, whose leader is the node that Metadata names as
/// controller.
/// The offset is the catalog's version, the epoch is that of wal-store's incarnation, which decides about the catalog.
///
/// Source: KIP-595, KIP-836.
final class DescribeQuorumHandler implements RequestHandler {

    private static final String TOPIC = org.apache.kafka.common.internals.Topic.CLUSTER_METADATA_TOPIC_NAME;

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;

    DescribeQuorumHandler(ClusterContext context) {
        this.directory = context.directory();
        this.routing = context.routing();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DescribeQuorumRequest body = (DescribeQuorumRequest) request.body();
        return directory
                .currentOrSeen()
                .map(catalog -> new KafkaResponse.Answer(new DescribeQuorumResponse(new DescribeQuorumResponseData()
                        .setTopics(body.data().topics().stream()
                                .map(topic -> describe(topic, catalog))
                                .toList()))));
    }

    private DescribeQuorumResponseData.TopicData describe(TopicData asked, Catalog catalog) {
        return new DescribeQuorumResponseData.TopicData()
                .setTopicName(asked.topicName())
                .setPartitions(asked.partitions().stream()
                        .map(partition -> describe(asked, partition, catalog))
                        .toList());
    }

    private DescribeQuorumResponseData.PartitionData describe(TopicData topic, PartitionData asked, Catalog catalog) {
        DescribeQuorumResponseData.PartitionData described = new DescribeQuorumResponseData.PartitionData()
                .setPartitionIndex(asked.partitionIndex())
                .setCurrentVoters(List.of())
                .setObservers(List.of());
        if (!topic.topicName().equals(TOPIC) || asked.partitionIndex() != 0) {
            return failed(described, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Optional<Integer> controller = routing.get().controller().map(node -> node.nodeId());
        if (controller.isEmpty()) {
            return failed(described, Errors.LEADER_NOT_AVAILABLE);
        }
        return described
                .setLeaderId(controller.get())
                .setLeaderEpoch(catalog.ownerEpoch())
                .setHighWatermark(catalog.version())
                .setCurrentVoters(List.of(
                        new ReplicaState().setReplicaId(controller.get()).setLogEndOffset(catalog.version())));
    }

    private static DescribeQuorumResponseData.PartitionData failed(
            DescribeQuorumResponseData.PartitionData described, Errors error) {
        return described.setErrorCode(error.code()).setErrorMessage(error.message());
    }
}
