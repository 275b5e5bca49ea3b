package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicNames;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.MetadataResponse;

/// Answers DescribeTopicPartitions, the storage view: the replicas that really keep the data.
///
/// Metadata names fetch nodes as replicas so that clients may read from them; they only cache. This request is what
/// `kafka-topics --describe` uses, and it tells how many copies there are, as wal-store has it now. Topics come in the
/// order of their names, in pages of at most the asked number of partitions, as in Kafka.
///
/// Source: KIP-966.
final class DescribeTopicPartitionsHandler implements RequestHandler {

    /// Kafka's `max.request.partition.size.limit`.
    private static final int PARTITIONS_MAX = 2_000;

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;

    DescribeTopicPartitionsHandler(ClusterContext context) {
        this.directory = context.directory();
        this.routing = context.routing();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DescribeTopicPartitionsRequestData asked = ((DescribeTopicPartitionsRequest) request.body()).data();
        if (asked.cursor() != null && asked.cursor().partitionIndex() < 0) {
            return Answers.error(
                    request,
                    Errors.INVALID_REQUEST,
                    "DescribeTopicPartitionsRequest cursor partition must be valid: " + asked.cursor());
        }
        return directory
                .ready()
                .chain(_ -> directory.current())
                .onFailure(StoreSilence.class)
                .recoverWithItem(silence -> inMemory(asked, silence))
                .map(catalog -> new KafkaResponse.Answer(new DescribeTopicPartitionsResponse(page(asked, catalog))));
    }

    /// What was seen last, unless that would make a topic unknown.
    private Catalog inMemory(DescribeTopicPartitionsRequestData asked, StoreSilence silence) {
        Catalog catalog = directory.catalog();
        boolean areAllThere = directory.isReady() && asked.topics().stream().allMatch(topic -> isThere(topic, catalog));
        if (areAllThere) {
            return catalog;
        }
        throw silence;
    }

    private static boolean isThere(TopicRequest asked, Catalog catalog) {
        return catalog.topic(asked.name()).isPresent()
                || TopicNames.problem(asked.name()).isPresent();
    }

    private DescribeTopicPartitionsResponseData page(DescribeTopicPartitionsRequestData asked, Catalog catalog) {
        DescribeTopicPartitionsResponseData data = new DescribeTopicPartitionsResponseData();
        RoutingView view = routing.get();
        int left = Math.clamp(asked.responsePartitionLimit(), 1, PARTITIONS_MAX);
        for (String name : names(asked, catalog)) {
            if (left == 0) {
                return data.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
            }
            Optional<Topic> topic = catalog.topic(name);
            if (topic.isEmpty()) {
                data.topics().add(unknown(name));
                continue;
            }
            boolean isCursor =
                    asked.cursor() != null && name.equals(asked.cursor().topicName());
            int first = isCursor ? asked.cursor().partitionIndex() : 0;
            int end = (int) Math.min(topic.get().partitionCount(), (long) first + left);
            data.topics().add(describe(topic.get(), new Range(first, end), catalog.ownerEpoch(), view));
            left -= Math.max(0, end - first);
            if (end < topic.get().partitionCount()) {
                return data.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(end));
            }
        }
        return data;
    }

    private static SortedSet<String> names(DescribeTopicPartitionsRequestData asked, Catalog catalog) {
        SortedSet<String> names = new TreeSet<>();
        if (asked.topics().isEmpty()) {
            names.addAll(catalog.ids().keySet());
        } else {
            asked.topics().forEach(topic -> names.add(topic.name()));
        }
        return asked.cursor() == null ? names : names.tailSet(asked.cursor().topicName());
    }

    private record Range(int first, int end) {}

    private static DescribeTopicPartitionsResponseTopic describe(
            Topic topic, Range range, int ownerEpoch, RoutingView view) {
        DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic()
                .setName(topic.name())
                .setTopicId(Uuids.of(topic.id()))
                .setIsInternal(org.apache.kafka.common.internals.Topic.isInternal(topic.name()))
                .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
        for (int partition = range.first(); partition < range.end(); partition++) {
            Optional<Integer> leader =
                    view.leader(new PartitionId(topic.id(), partition)).map(node -> node.nodeId());
            // The one copy that wal-store keeps is shown at the node through which it is written.
            List<Integer> copies = leader.map(List::of).orElse(List.of());
            described
                    .partitions()
                    .add(new DescribeTopicPartitionsResponsePartition()
                            .setErrorCode((leader.isPresent() ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                            .setPartitionIndex(partition)
                            .setLeaderId(leader.orElse(MetadataResponse.NO_LEADER_ID))
                            .setLeaderEpoch(ownerEpoch)
                            .setReplicaNodes(copies)
                            .setIsrNodes(copies)
                            .setEligibleLeaderReplicas(List.of())
                            .setLastKnownElr(List.of())
                            .setOfflineReplicas(List.of()));
        }
        return described;
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        boolean isLegal = TopicNames.problem(name).isEmpty();
        return new DescribeTopicPartitionsResponseTopic()
                .setErrorCode((isLegal ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION).code())
                .setName(name);
    }
}
