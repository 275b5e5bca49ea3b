package io.millrace.coordinator.kafka;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/// Commits offsets of the partitions that exist; each of the others gets its error.
///
/// Threads: event loops; never blocks.
/// Errors: if wal-store does not say whether a topic exists, COORDINATOR_NOT_AVAILABLE for its partitions,
/// which clients retry.
/// Source: KIP-848 (topic ids from version 10 on).
final class OffsetCommitHandler implements RequestHandler {

    private final Groups groups;
    private final OffsetTurns turns;

    OffsetCommitHandler(Groups groups, OffsetTurns turns) {
        this.groups = groups;
        this.turns = turns;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetCommitRequestData asked = ((OffsetCommitRequest) request.body()).data();
        List<CompletableFuture<OffsetCommitResponseData>> parts = turns.start(
                asked.groupId(),
                topics(asked, request.version()),
                (part, known) -> commit(request, asked, part, known));
        return CoordinatorCall.answer(
                request,
                parts.size() == 1 ? parts.getFirst() : new CommitAnswer(asked, request.version()).joined(parts),
                OffsetCommitResponse::new);
    }

    private static TopicNames topics(OffsetCommitRequestData asked, short version) {
        boolean hasIds = OffsetCommitResponse.useTopicIds(version);
        Set<String> names = new HashSet<>();
        Set<TopicId> ids = new HashSet<>();
        for (OffsetCommitRequestTopic topic : asked.topics()) {
            if (hasIds) {
                ids.add(Uuids.topicId(topic.topicId()));
            } else {
                names.add(topic.name());
            }
        }
        return new TopicNames(names, ids);
    }

    private CompletableFuture<OffsetCommitResponseData> commit(
            KafkaRequest request, OffsetCommitRequestData asked, TopicNames part, KnownTopics known) {
        boolean hasIds = OffsetCommitResponse.useTopicIds(request.version());
        OffsetCommitResponse.Builder answer = OffsetCommitResponse.newBuilder(hasIds);
        List<OffsetCommitRequestTopic> valid = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : asked.topics()) {
            TopicId id = Uuids.topicId(topic.topicId());
            Optional<Topic> found = hasIds ? known.topic(id) : known.topic(topic.name());
            if (found.isPresent()) {
                validPartitions(topic, found.get(), answer).ifPresent(valid::add);
            } else if (hasIds ? part.ids().contains(id) : part.names().contains(topic.name())) {
                answer.addPartitions(
                        topic.topicId(),
                        topic.name(),
                        topic.partitions(),
                        OffsetCommitRequestPartition::partitionIndex,
                        hasIds ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        if (valid.isEmpty()) {
            return CompletableFuture.completedFuture(answer.build().data());
        }
        return groups.coordinator()
                .commitOffsets(GroupRequestContext.of(request), withTopics(asked, valid), BufferSupplier.NO_CACHING)
                .thenApply(result -> answer.merge(result).build().data());
    }

    /// The coordinator works on names; the id is kept beside it.
    private static Optional<OffsetCommitRequestTopic> validPartitions(
            OffsetCommitRequestTopic asked, Topic topic, OffsetCommitResponse.Builder answer) {
        List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (OffsetCommitRequestPartition partition : asked.partitions()) {
            if (partition.partitionIndex() >= 0 && partition.partitionIndex() < topic.partitionCount()) {
                partitions.add(partition);
            } else {
                answer.addPartition(
                        asked.topicId(), topic.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        return partitions.isEmpty()
                ? Optional.empty()
                : Optional.of(new OffsetCommitRequestTopic()
                        .setTopicId(Uuids.of(topic.id()))
                        .setName(topic.name())
                        .setPartitions(partitions));
    }

    private static OffsetCommitRequestData withTopics(
            OffsetCommitRequestData asked, List<OffsetCommitRequestTopic> topics) {
        return new OffsetCommitRequestData()
                .setGroupId(asked.groupId())
                .setMemberId(asked.memberId())
                .setGroupInstanceId(asked.groupInstanceId())
                .setGenerationIdOrMemberEpoch(asked.generationIdOrMemberEpoch())
                .setRetentionTimeMs(asked.retentionTimeMs())
                .setTopics(topics);
    }
}
