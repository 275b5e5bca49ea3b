package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
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
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/// Commits offsets: of the partitions that exist; the others get their errors at once.
///
/// Threads: event loops; never blocks.
/// Errors: if wal-store does not say whether a topic exists, COORDINATOR_NOT_AVAILABLE, which clients retry.
/// Source: KIP-848 (topic ids from version 10 on).
final class OffsetCommitHandler implements RequestHandler {

    private final Groups groups;
    private final TopicDirectory directory;

    OffsetCommitHandler(Groups groups, TopicDirectory directory) {
        this.groups = groups;
        this.directory = directory;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetCommitRequest commit = (OffsetCommitRequest) request.body();
        boolean hasIds = OffsetCommitResponse.useTopicIds(request.version());
        Set<String> names = new HashSet<>();
        Set<TopicId> ids = new HashSet<>();
        for (OffsetCommitRequestTopic topic : commit.data().topics()) {
            if (hasIds) {
                ids.add(Uuids.topicId(topic.topicId()));
            } else {
                names.add(topic.name());
            }
        }
        return KnownTopics.find(directory, names, ids)
                .onFailure()
                .transform(_ -> Errors.COORDINATOR_NOT_AVAILABLE.exception())
                .flatMap(known -> commit(request, commit, known));
    }

    private Uni<KafkaResponse> commit(KafkaRequest request, OffsetCommitRequest commit, KnownTopics known) {
        boolean hasIds = OffsetCommitResponse.useTopicIds(request.version());
        OffsetCommitResponse.Builder answer = OffsetCommitResponse.newBuilder(hasIds);
        List<OffsetCommitRequestTopic> valid = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : commit.data().topics()) {
            Optional<Topic> found = hasIds ? known.topic(Uuids.topicId(topic.topicId())) : known.topic(topic.name());
            if (found.isEmpty()) {
                Errors error = hasIds ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                answer.addPartitions(
                        topic.topicId(),
                        topic.name(),
                        topic.partitions(),
                        OffsetCommitRequestPartition::partitionIndex,
                        error);
            } else {
                validPartitions(topic, found.get(), answer).ifPresent(valid::add);
            }
        }
        if (valid.isEmpty()) {
            return Uni.createFrom().item(new KafkaResponse.Answer(answer.build()));
        }
        return CoordinatorCall.answer(
                request,
                groups.coordinator()
                        .commitOffsets(
                                GroupRequestContext.of(request),
                                withTopics(commit.data(), valid),
                                BufferSupplier.NO_CACHING),
                result -> answer.merge(result).build());
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
