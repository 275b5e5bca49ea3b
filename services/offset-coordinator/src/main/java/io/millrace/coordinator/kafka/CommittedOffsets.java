package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/// What groups have committed, for the topics that exist now.
///
/// An offset is that of a topic's id. The offsets of a topic that was deleted may still be there, since Kafka's
/// coordinator deletes them in the shards that are active just then, and must not be taken for those of a topic
/// that was created again under the name.
///
/// Threads: any; never blocks.
/// Errors: if wal-store does not say whether a topic exists, COORDINATOR_NOT_AVAILABLE, which clients retry.
final class CommittedOffsets {

    private final Groups groups;
    private final TopicDirectory directory;

    CommittedOffsets(Groups groups, TopicDirectory directory) {
        this.groups = groups;
        this.directory = directory;
    }

    /// Who asks, and for which group.
    ///
    /// @param requireStable whether to wait for commits that are on their way to the disk
    record Question(GroupRequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {}

    /// Kafka's coordinator tells all offsets without the ids that were committed with them. So what it has is
    /// asked for a second time, each topic with the id that it has now.
    Uni<OffsetFetchResponseGroup> all(Question question) {
        return ask(question, null).flatMap(all -> {
            if (all.errorCode() != Errors.NONE.code() || all.topics().isEmpty()) {
                return Uni.createFrom().item(all);
            }
            Set<String> names = new HashSet<>();
            all.topics().forEach(topic -> names.add(topic.name()));
            return known(new TopicNames(names, Set.of()))
                    .flatMap(known -> ask(question, identified(all, known)))
                    .map(CommittedOffsets::committed);
        });
    }

    /// @param topics each with its id, see [#identified]
    Uni<OffsetFetchResponseGroup> of(Question question, List<OffsetFetchRequestTopics> topics) {
        return ask(question, topics);
    }

    Uni<KnownTopics> known(TopicNames asked) {
        return KnownTopics.find(directory, asked)
                .onFailure()
                .transform(_ -> Errors.COORDINATOR_NOT_AVAILABLE.exception());
    }

    /// The coordinator works on names, and compares the id with the one that was committed.
    static OffsetFetchRequestTopics identified(Topic topic, List<Integer> partitions) {
        return new OffsetFetchRequestTopics()
                .setTopicId(Uuids.of(topic.id()))
                .setName(topic.name())
                .setPartitionIndexes(partitions);
    }

    /// A topic that is gone is left out: it has no id that could name it.
    private static List<OffsetFetchRequestTopics> identified(OffsetFetchResponseGroup all, KnownTopics known) {
        List<OffsetFetchRequestTopics> topics = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : all.topics()) {
            List<Integer> partitions = topic.partitions().stream()
                    .map(OffsetFetchResponsePartitions::partitionIndex)
                    .toList();
            known.topic(topic.name()).ifPresent(found -> topics.add(identified(found, partitions)));
        }
        return topics;
    }

    /// @param topics null for all
    private Uni<OffsetFetchResponseGroup> ask(Question question, @Nullable List<OffsetFetchRequestTopics> topics) {
        OffsetFetchRequestGroup group = question.group();
        OffsetFetchRequestGroup asked = new OffsetFetchRequestGroup()
                .setGroupId(group.groupId())
                .setMemberId(group.memberId())
                .setMemberEpoch(group.memberEpoch())
                .setTopics(topics);
        return Uni.createFrom()
                .completionStage(groups.confirmed(
                        group.groupId(),
                        groups.coordinator().fetchOffsets(question.context(), asked, question.requireStable())));
    }

    private static OffsetFetchResponseGroup committed(OffsetFetchResponseGroup fetched) {
        fetched.topics()
                .forEach(topic -> topic.partitions()
                        .removeIf(partition -> partition.errorCode() == Errors.NONE.code()
                                && partition.committedOffset() == OffsetFetchResponse.INVALID_OFFSET));
        fetched.topics().removeIf(topic -> topic.partitions().isEmpty());
        return fetched;
    }
}
