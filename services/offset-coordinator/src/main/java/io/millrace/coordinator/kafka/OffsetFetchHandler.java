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
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/// Answers committed offsets, of one group or of several.
///
/// An offset is that of a topic's id, also where the client goes by names. The offsets of a topic that was
/// deleted may still be there, since Kafka's coordinator deletes them in the shards that are active just
/// then, and must not be taken for those of a topic that was created again under the name.
///
/// Threads: event loops; never blocks.
/// Errors: a partition without a committed offset is -1, no error, as in Kafka. If wal-store does not say
/// whether a topic exists, COORDINATOR_NOT_AVAILABLE, which clients retry.
/// Source: KIP-709 (several groups), KIP-848 (topic ids from version 10 on).
final class OffsetFetchHandler implements RequestHandler {

    private final Groups groups;
    private final TopicDirectory directory;

    OffsetFetchHandler(Groups groups, TopicDirectory directory) {
        this.groups = groups;
        this.directory = directory;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetFetchRequest fetch = (OffsetFetchRequest) request.body();
        List<OffsetFetchRequestGroup> asked = fetch.groups();
        if (asked.isEmpty()) {
            return Uni.createFrom().item(answer(List.of(), request.version()));
        }
        List<Uni<OffsetFetchResponseGroup>> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup group : asked) {
            answers.add(fetchGroup(request, group));
        }
        return Uni.join().all(answers).andFailFast().map(fetched -> answer(fetched, request.version()));
    }

    private static KafkaResponse answer(List<OffsetFetchResponseGroup> fetched, short version) {
        return new KafkaResponse.Answer(new OffsetFetchResponse.Builder(fetched).build(version));
    }

    private Uni<OffsetFetchResponseGroup> fetchGroup(KafkaRequest request, OffsetFetchRequestGroup group) {
        Uni<OffsetFetchResponseGroup> fetched = OffsetFetchRequest.requestAllOffsets(group)
                ? fetchAll(request, group)
                : known(topics(request, group)).flatMap(known -> fetchTopics(request, group, known));
        return fetched.onFailure()
                .recoverWithItem(failure ->
                        OffsetFetchResponse.groupError(group, CoordinatorCall.error(failure), request.version()));
    }

    private static TopicNames topics(KafkaRequest request, OffsetFetchRequestGroup group) {
        boolean hasIds = OffsetFetchRequest.useTopicIds(request.version());
        Set<String> names = new HashSet<>();
        Set<TopicId> ids = new HashSet<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            if (hasIds) {
                ids.add(Uuids.topicId(topic.topicId()));
            } else {
                names.add(topic.name());
            }
        }
        return new TopicNames(names, ids);
    }

    private Uni<KnownTopics> known(TopicNames asked) {
        return KnownTopics.find(directory, asked)
                .onFailure()
                .transform(_ -> Errors.COORDINATOR_NOT_AVAILABLE.exception());
    }

    private Uni<OffsetFetchResponseGroup> fetchTopics(
            KafkaRequest request, OffsetFetchRequestGroup group, KnownTopics known) {
        boolean hasIds = OffsetFetchRequest.useTopicIds(request.version());
        List<OffsetFetchRequestTopics> existing = new ArrayList<>();
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            Optional<Topic> found = hasIds ? known.topic(Uuids.topicId(topic.topicId())) : known.topic(topic.name());
            found.ifPresentOrElse(
                    each -> existing.add(identified(each, topic.partitionIndexes())),
                    () -> unknown.add(unknown(topic, hasIds ? Errors.UNKNOWN_TOPIC_ID : Errors.NONE)));
        }
        return ask(request, group, existing).map(result -> withUnknown(result, unknown));
    }

    /// The coordinator works on names, and compares the id with the one that was committed.
    private static OffsetFetchRequestTopics identified(Topic topic, List<Integer> partitions) {
        return new OffsetFetchRequestTopics()
                .setTopicId(Uuids.of(topic.id()))
                .setName(topic.name())
                .setPartitionIndexes(partitions);
    }

    private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic, Errors error) {
        List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
        for (int partition : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponsePartitions()
                    .setPartitionIndex(partition)
                    .setErrorCode(error.code())
                    .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                    .setMetadata(OffsetFetchResponse.NO_METADATA));
        }
        return new OffsetFetchResponseTopics()
                .setTopicId(topic.topicId())
                .setName(topic.name())
                .setPartitions(partitions);
    }

    /// @param topics null for all
    private Uni<OffsetFetchResponseGroup> ask(
            KafkaRequest request, OffsetFetchRequestGroup group, @Nullable List<OffsetFetchRequestTopics> topics) {
        OffsetFetchRequestGroup asked = new OffsetFetchRequestGroup()
                .setGroupId(group.groupId())
                .setMemberId(group.memberId())
                .setMemberEpoch(group.memberEpoch())
                .setTopics(topics);
        boolean isStable = ((OffsetFetchRequest) request.body()).requireStable();
        return Uni.createFrom()
                .completionStage(groups.confirmed(
                        group.groupId(),
                        groups.coordinator().fetchOffsets(GroupRequestContext.of(request), asked, isStable)));
    }

    private static OffsetFetchResponseGroup withUnknown(
            OffsetFetchResponseGroup fetched, List<OffsetFetchResponseTopics> unknown) {
        if (fetched.errorCode() != Errors.NONE.code() || unknown.isEmpty()) {
            return fetched;
        }
        List<OffsetFetchResponseTopics> all = new ArrayList<>(fetched.topics());
        all.addAll(unknown);
        return fetched.setTopics(all);
    }

    /// Kafka's coordinator tells all offsets without the ids that were committed with them. So what it has is
    /// asked for a second time, each topic with the id that it has now.
    private Uni<OffsetFetchResponseGroup> fetchAll(KafkaRequest request, OffsetFetchRequestGroup group) {
        return ask(request, group, null).flatMap(all -> {
            if (all.errorCode() != Errors.NONE.code() || all.topics().isEmpty()) {
                return Uni.createFrom().item(all);
            }
            Set<String> names = new HashSet<>();
            all.topics().forEach(topic -> names.add(topic.name()));
            return known(new TopicNames(names, Set.of()))
                    .flatMap(known -> ask(request, group, identified(all, known)))
                    .map(OffsetFetchHandler::committed);
        });
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

    private static OffsetFetchResponseGroup committed(OffsetFetchResponseGroup fetched) {
        fetched.topics()
                .forEach(topic -> topic.partitions()
                        .removeIf(partition -> partition.errorCode() == Errors.NONE.code()
                                && partition.committedOffset() == OffsetFetchResponse.INVALID_OFFSET));
        fetched.topics().removeIf(topic -> topic.partitions().isEmpty());
        return fetched;
    }
}
