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

/// Answers committed offsets, of one group or of several.
///
/// Threads: event loops; never blocks.
/// Errors: as OffsetCommit; a partition without a committed offset is -1, no error, as in Kafka.
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
        return KnownTopics.find(directory, new TopicNames(Set.of(), topicIds(request, asked)))
                .onFailure()
                .transform(_ -> Errors.COORDINATOR_NOT_AVAILABLE.exception())
                .flatMap(known -> fetch(request, asked, known));
    }

    /// Names need no look-up: an offset may be asked for by any.
    private static Set<TopicId> topicIds(KafkaRequest request, List<OffsetFetchRequestGroup> asked) {
        Set<TopicId> ids = new HashSet<>();
        if (OffsetFetchRequest.useTopicIds(request.version())) {
            for (OffsetFetchRequestGroup group : asked) {
                if (!OffsetFetchRequest.requestAllOffsets(group)) {
                    group.topics().forEach(topic -> ids.add(Uuids.topicId(topic.topicId())));
                }
            }
        }
        return ids;
    }

    private Uni<KafkaResponse> fetch(KafkaRequest request, List<OffsetFetchRequestGroup> asked, KnownTopics known) {
        if (asked.isEmpty()) {
            return Uni.createFrom().item(answer(List.of(), request.version()));
        }
        List<Uni<OffsetFetchResponseGroup>> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup group : asked) {
            answers.add(fetchGroup(request, group, known));
        }
        return Uni.join().all(answers).andFailFast().map(fetched -> answer(fetched, request.version()));
    }

    private static KafkaResponse answer(List<OffsetFetchResponseGroup> fetched, short version) {
        return new KafkaResponse.Answer(new OffsetFetchResponse.Builder(fetched).build(version));
    }

    private Uni<OffsetFetchResponseGroup> fetchGroup(
            KafkaRequest request, OffsetFetchRequestGroup group, KnownTopics known) {
        boolean hasIds = OffsetFetchRequest.useTopicIds(request.version());
        boolean wantsAll = OffsetFetchRequest.requestAllOffsets(group);
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        OffsetFetchRequestGroup named = hasIds && !wantsAll ? named(group, known, unknown) : group;
        boolean isStable = ((OffsetFetchRequest) request.body()).requireStable();
        return Uni.createFrom()
                .completionStage(groups.confirmed(
                        group.groupId(),
                        groups.coordinator().fetchOffsets(GroupRequestContext.of(request), named, isStable)))
                .map(result -> hasIds && wantsAll ? withIds(result) : withUnknown(result, unknown))
                .onFailure()
                .recoverWithItem(failure ->
                        OffsetFetchResponse.groupError(group, CoordinatorCall.error(failure), request.version()));
    }

    /// The coordinator works on names; the id is kept beside it.
    private static OffsetFetchRequestGroup named(
            OffsetFetchRequestGroup group, KnownTopics known, List<OffsetFetchResponseTopics> unknown) {
        List<OffsetFetchRequestTopics> topics = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            Optional<Topic> found = known.topic(Uuids.topicId(topic.topicId()));
            if (found.isPresent()) {
                topics.add(new OffsetFetchRequestTopics()
                        .setTopicId(topic.topicId())
                        .setName(found.get().name())
                        .setPartitionIndexes(topic.partitionIndexes()));
            } else {
                unknown.add(unknown(topic));
            }
        }
        return new OffsetFetchRequestGroup()
                .setGroupId(group.groupId())
                .setMemberId(group.memberId())
                .setMemberEpoch(group.memberEpoch())
                .setTopics(topics);
    }

    private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic) {
        List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
        for (int partition : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponsePartitions()
                    .setPartitionIndex(partition)
                    .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                    .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                    .setMetadata(OffsetFetchResponse.NO_METADATA));
        }
        return new OffsetFetchResponseTopics().setTopicId(topic.topicId()).setPartitions(partitions);
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

    /// An offset of a topic that is gone has no id that could name it, so it is left out, as in Kafka.
    private OffsetFetchResponseGroup withIds(OffsetFetchResponseGroup fetched) {
        List<OffsetFetchResponseTopics> named = new ArrayList<>();
        for (OffsetFetchResponseTopics topic : fetched.topics()) {
            directory
                    .catalog()
                    .topic(topic.name())
                    .ifPresent(found -> named.add(topic.setTopicId(Uuids.of(found.id()))));
        }
        return fetched.setTopics(named);
    }
}
