package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListGroupsResponse;

/// Answers for requests that reached a service which does not own what they are about: the errors upon which Kafka's
/// clients refresh what they know of the cluster and go to the right node.
final class RefusedRequests {

    /// What a node without a log calls its directory. Kafka's admin client takes an answer without any directory for
    /// CLUSTER_AUTHORIZATION_FAILED, and tools that ask every node give up.
    private static final String NO_LOG_DIR = "none";

    private RefusedRequests() {}

    static RequestHandler notCoordinator() {
        return request -> Answers.error(request, Errors.NOT_COORDINATOR, Errors.NOT_COORDINATOR.message());
    }

    static RequestHandler notLeader() {
        return RefusedRequests::notLeader;
    }

    /// Groups live on offset-coordinators, partitions are told of by ingest; tools ask every node and join the answers.
    static RequestHandler emptyShare(ApiKeys api) {
        return switch (api) {
            case LIST_GROUPS -> request -> Answers.of(new ListGroupsResponse(new ListGroupsResponseData()));
            case DESCRIBE_LOG_DIRS ->
                request -> Answers.of(new DescribeLogDirsResponse(new DescribeLogDirsResponseData()
                        .setResults(List.of(new DescribeLogDirsResult().setLogDir(NO_LOG_DIR)))));
            case ALTER_REPLICA_LOG_DIRS ->
                request -> Answers.error(request, Errors.LOG_DIR_NOT_FOUND, Errors.LOG_DIR_NOT_FOUND.message());
            default -> throw new IllegalArgumentException(api + " has no empty answer");
        };
    }

    private static Uni<KafkaResponse> notLeader(KafkaRequest request) {
        // An error of the whole Fetch would not make clients look for the leader; one per partition does.
        return request.body() instanceof FetchRequest fetch
                ? Answers.of(notLeader(fetch))
                : Answers.error(request, Errors.NOT_LEADER_OR_FOLLOWER, Errors.NOT_LEADER_OR_FOLLOWER.message());
    }

    private static FetchResponse notLeader(FetchRequest request) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        for (FetchTopic topic : request.data().topics()) {
            topics.add(new FetchableTopicResponse()
                    .setTopic(topic.topic())
                    .setTopicId(topic.topicId())
                    .setPartitions(topic.partitions().stream()
                            .map(partition -> FetchResponse.partitionResponse(
                                    partition.partition(), Errors.NOT_LEADER_OR_FOLLOWER))
                            .toList()));
        }
        return FetchResponse.of(new FetchResponseData().setResponses(topics));
    }
}
