package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jspecify.annotations.Nullable;

/// Groups and their offsets for our own REST interface: the same coordinator, the same rules, without Kafka's words.
///
/// Threads: from any; answers come on the coordinator's threads.
public final class GroupAdmin {

    private final Groups groups;
    private final CommittedOffsets committed;
    private final int offsetMetadataLengthMax;

    /// The administration of one coordinator's groups.
    public GroupAdmin(EmbeddedCoordinator coordinator, TopicDirectory directory) {
        groups = coordinator.groups();
        committed = new CommittedOffsets(groups, directory);
        offsetMetadataLengthMax = coordinator.offsetMetadataLengthMax();
    }

    public Uni<GroupAnswer<List<GroupSummary>>> list() {
        return answer(
                groups.confirmedOfAll(groups.coordinator()
                        .listGroups(GroupRequestContext.ofRest(ApiKeys.LIST_GROUPS), new ListGroupsRequestData())),
                GroupAdmin::summaries);
    }

    private static GroupAnswer<List<GroupSummary>> summaries(ListGroupsResponseData listed) {
        Errors error = Errors.forCode(listed.errorCode());
        if (error != Errors.NONE) {
            return GroupAnswer.refused(error, error.message());
        }
        return new GroupAnswer.Given<>(listed.groups().stream()
                .map(group ->
                        new GroupSummary(group.groupId(), group.groupType(), group.groupState(), group.protocolType()))
                .toList());
    }

    /// Asks for a group of the newer protocols first, then for a classic one.
    public Uni<GroupAnswer<GroupDescription>> describe(String groupId) {
        GroupRequestContext context = GroupRequestContext.ofRest(ApiKeys.CONSUMER_GROUP_DESCRIBE);
        return Uni.createFrom()
                .completionStage(groups.confirmed(
                        groupId, groups.coordinator().consumerGroupDescribe(context, List.of(groupId))))
                .flatMap(described -> described.getFirst().errorCode() == Errors.GROUP_ID_NOT_FOUND.code()
                        ? describeStreams(groupId)
                        : Uni.createFrom().item(consumerGroup(described.getFirst())))
                .onFailure()
                .recoverWithItem(GroupAdmin::failed);
    }

    private Uni<GroupAnswer<GroupDescription>> describeStreams(String groupId) {
        GroupRequestContext context = GroupRequestContext.ofRest(ApiKeys.STREAMS_GROUP_DESCRIBE);
        return Uni.createFrom()
                .completionStage(
                        groups.confirmed(groupId, groups.coordinator().streamsGroupDescribe(context, List.of(groupId))))
                .flatMap(described -> described.getFirst().errorCode() == Errors.GROUP_ID_NOT_FOUND.code()
                        ? describeClassic(groupId)
                        : Uni.createFrom().item(streamsGroup(described.getFirst())));
    }

    private Uni<GroupAnswer<GroupDescription>> describeClassic(String groupId) {
        return answer(
                groups.confirmed(
                        groupId,
                        groups.coordinator()
                                .describeGroups(GroupRequestContext.ofRest(ApiKeys.DESCRIBE_GROUPS), List.of(groupId))),
                described -> classicGroup(described.getFirst()));
    }

    private static GroupAnswer<GroupDescription> consumerGroup(ConsumerGroupDescribeResponseData.DescribedGroup group) {
        Errors error = Errors.forCode(group.errorCode());
        return error == Errors.NONE
                ? new GroupAnswer.Given<>(GroupDescriptions.of(group))
                : GroupAnswer.refused(error, message(error, group.errorMessage()));
    }

    private static GroupAnswer<GroupDescription> streamsGroup(StreamsGroupDescribeResponseData.DescribedGroup group) {
        Errors error = Errors.forCode(group.errorCode());
        return error == Errors.NONE
                ? new GroupAnswer.Given<>(GroupDescriptions.of(group))
                : GroupAnswer.refused(error, message(error, group.errorMessage()));
    }

    private static GroupAnswer<GroupDescription> classicGroup(DescribeGroupsResponseData.DescribedGroup group) {
        Errors error = Errors.forCode(group.errorCode());
        return error == Errors.NONE
                ? new GroupAnswer.Given<>(GroupDescriptions.of(group))
                : GroupAnswer.refused(error, message(error, group.errorMessage()));
    }

    /// All that the group has committed for topics that exist; waits for commits that are on their way to the disk.
    public Uni<GroupAnswer<List<CommittedOffset>>> offsets(String groupId) {
        return answer(
                committed.all(new CommittedOffsets.Question(
                        GroupRequestContext.ofRest(ApiKeys.OFFSET_FETCH),
                        new OffsetFetchRequestGroup().setGroupId(groupId),
                        true)),
                GroupAdmin::committed);
    }

    private static GroupAnswer<List<CommittedOffset>> committed(
            OffsetFetchResponseData.OffsetFetchResponseGroup fetched) {
        Errors error = Errors.forCode(fetched.errorCode());
        if (error != Errors.NONE) {
            return GroupAnswer.refused(error, error.message());
        }
        List<CommittedOffset> offsets = new ArrayList<>();
        for (OffsetFetchResponseData.OffsetFetchResponseTopics topic : fetched.topics()) {
            for (OffsetFetchResponseData.OffsetFetchResponsePartitions partition : topic.partitions()) {
                offsets.add(new CommittedOffset(
                        topic.name(),
                        partition.partitionIndex(),
                        partition.committedOffset(),
                        partition.metadata() == null ? "" : partition.metadata()));
            }
        }
        return new GroupAnswer.Given<>(offsets);
    }

    /// Sets offsets as an administrator, all or none: refused while the group has members.
    ///
    /// If another topic gets a name meanwhile, the offsets are not that one's.
    ///
    /// @param topics the topic that is meant by each name
    public Uni<GroupAnswer<List<CommittedOffset>>> reset(
            String groupId, List<CommittedOffset> offsets, Function<String, Optional<Topic>> topics) {
        // Kafka would leave out those whose metadata is too long, and commit the others.
        if (offsets.stream().anyMatch(offset -> offset.metadata().length() > offsetMetadataLengthMax)) {
            Errors error = Errors.OFFSET_METADATA_TOO_LARGE;
            return Uni.createFrom().item(GroupAnswer.refused(error, error.message()));
        }
        Map<String, List<OffsetCommitRequestPartition>> byTopic = offsets.stream()
                .collect(Collectors.groupingBy(
                        CommittedOffset::topic, Collectors.mapping(GroupAdmin::partition, Collectors.toList())));
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(groupId)
                .setMemberId("")
                .setGenerationIdOrMemberEpoch(OffsetCommitRequest.DEFAULT_GENERATION_ID)
                .setTopics(byTopic.entrySet().stream()
                        .map(topic -> new OffsetCommitRequestTopic()
                                .setName(topic.getKey())
                                .setTopicId(Uuids.of(topics.apply(topic.getKey())
                                        .orElseThrow()
                                        .id()))
                                .setPartitions(topic.getValue()))
                        .toList());
        return answer(
                groups.coordinator()
                        .commitOffsets(
                                GroupRequestContext.ofRest(ApiKeys.OFFSET_COMMIT), request, BufferSupplier.NO_CACHING),
                answered -> reset(answered, offsets));
    }

    private static OffsetCommitRequestPartition partition(CommittedOffset offset) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(offset.partition())
                .setCommittedOffset(offset.offset())
                .setCommittedMetadata(offset.metadata());
    }

    private static GroupAnswer<List<CommittedOffset>> reset(
            OffsetCommitResponseData answered, List<CommittedOffset> offsets) {
        return answered.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> Errors.forCode(partition.errorCode()))
                .filter(error -> error != Errors.NONE)
                .findFirst()
                .<GroupAnswer<List<CommittedOffset>>>map(error -> GroupAnswer.refused(error, error.message()))
                .orElseGet(() -> new GroupAnswer.Given<>(offsets));
    }

    /// Forgets offsets of a topic: refused while a member of the group has subscribed to it.
    ///
    /// @param partitions of the topic
    public Uni<GroupAnswer<List<Integer>>> deleteOffsets(String groupId, String topic, List<Integer> partitions) {
        OffsetDeleteRequestTopic deleted = new OffsetDeleteRequestTopic().setName(topic);
        partitions.forEach(
                partition -> deleted.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(partition)));
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(deleted);
        return answer(
                groups.coordinator()
                        .deleteOffsets(
                                GroupRequestContext.ofRest(ApiKeys.OFFSET_DELETE),
                                new OffsetDeleteRequestData()
                                        .setGroupId(groupId)
                                        .setTopics(topics),
                                BufferSupplier.NO_CACHING),
                answered -> deleted(answered, partitions));
    }

    private static GroupAnswer<List<Integer>> deleted(OffsetDeleteResponseData answered, List<Integer> partitions) {
        return Stream.concat(
                        Stream.of(Errors.forCode(answered.errorCode())),
                        answered.topics().stream()
                                .flatMap(topic -> topic.partitions().stream())
                                .map(partition -> Errors.forCode(partition.errorCode())))
                .filter(error -> error != Errors.NONE)
                .findFirst()
                .<GroupAnswer<List<Integer>>>map(error -> GroupAnswer.refused(error, error.message()))
                .orElseGet(() -> new GroupAnswer.Given<>(partitions));
    }

    /// Deletes a group without members, and its offsets.
    public Uni<GroupAnswer<String>> delete(String groupId) {
        return answer(
                groups.coordinator()
                        .deleteGroups(
                                GroupRequestContext.ofRest(ApiKeys.DELETE_GROUPS),
                                List.of(groupId),
                                BufferSupplier.NO_CACHING),
                results -> deleted(groupId, results.find(groupId)));
    }

    private static GroupAnswer<String> deleted(String groupId, DeletableGroupResult result) {
        Errors error = Errors.forCode(result.errorCode());
        return error == Errors.NONE ? new GroupAnswer.Given<>(groupId) : GroupAnswer.refused(error, error.message());
    }

    private static <R, T> Uni<GroupAnswer<T>> answer(CompletableFuture<R> call, Function<R, GroupAnswer<T>> answer) {
        return answer(Uni.createFrom().completionStage(call), answer);
    }

    private static <R, T> Uni<GroupAnswer<T>> answer(Uni<R> call, Function<R, GroupAnswer<T>> answer) {
        return call.map(answer).onFailure().recoverWithItem(GroupAdmin::failed);
    }

    private static <T> GroupAnswer<T> failed(Throwable failure) {
        Errors error = CoordinatorCall.error(failure);
        return GroupAnswer.refused(error, error.message());
    }

    private static String message(Errors error, @Nullable String given) {
        return given == null || given.isEmpty() ? error.message() : given;
    }
}
