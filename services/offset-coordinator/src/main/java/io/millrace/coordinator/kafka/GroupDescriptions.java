package io.millrace.coordinator.kafka;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;

/// Kafka's descriptions of groups in our words.
final class GroupDescriptions {

    private GroupDescriptions() {}

    static GroupDescription of(ConsumerGroupDescribeResponseData.DescribedGroup group) {
        return new GroupDescription(
                group.groupId(),
                "consumer",
                group.groupState(),
                group.assignorName(),
                Optional.of(group.groupEpoch()),
                group.members().stream().map(GroupDescriptions::member).toList());
    }

    private static GroupDescription.Member member(ConsumerGroupDescribeResponseData.Member member) {
        Map<String, List<Integer>> assignment = new HashMap<>();
        for (ConsumerGroupDescribeResponseData.TopicPartitions topic :
                member.assignment().topicPartitions()) {
            assignment.put(topic.topicName(), List.copyOf(topic.partitions()));
        }
        return new GroupDescription.Member(
                member.memberId(),
                Optional.ofNullable(member.instanceId()),
                member.clientId(),
                member.clientHost(),
                assignment);
    }

    static GroupDescription of(StreamsGroupDescribeResponseData.DescribedGroup group) {
        return new GroupDescription(
                group.groupId(),
                "streams",
                group.groupState(),
                "",
                Optional.of(group.groupEpoch()),
                group.members().stream().map(GroupDescriptions::member).toList());
    }

    private static GroupDescription.Member member(StreamsGroupDescribeResponseData.Member member) {
        Map<String, List<Integer>> tasks = new TreeMap<>();
        for (StreamsGroupDescribeResponseData.TaskIds task : member.assignment().activeTasks()) {
            tasks.put(task.subtopologyId(), List.copyOf(task.partitions()));
        }
        return new GroupDescription.Member(
                member.memberId(),
                Optional.ofNullable(member.instanceId()),
                member.clientId(),
                member.clientHost(),
                tasks);
    }

    static GroupDescription of(DescribeGroupsResponseData.DescribedGroup group) {
        return new GroupDescription(
                group.groupId(),
                "classic",
                group.groupState(),
                group.protocolData(),
                Optional.empty(),
                group.members().stream()
                        .map(member -> member(member, group.protocolType()))
                        .toList());
    }

    private static GroupDescription.Member member(
            DescribeGroupsResponseData.DescribedGroupMember member, String protocolType) {
        return new GroupDescription.Member(
                member.memberId(),
                Optional.ofNullable(member.groupInstanceId()),
                member.clientId(),
                member.clientHost(),
                assignment(member.memberAssignment(), protocolType));
    }

    /// A classic group's assignment is its members' own business: only consumers' can be read, and only if it is well
    /// formed.
    private static Map<String, List<Integer>> assignment(byte[] bytes, String protocolType) {
        Map<String, List<Integer>> assignment = new TreeMap<>();
        if (!protocolType.equals(ConsumerProtocol.PROTOCOL_TYPE) || bytes.length == 0) {
            return assignment;
        }
        try {
            for (TopicPartition partition : ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(bytes))
                    .partitions()) {
                assignment.merge(partition.topic(), List.of(partition.partition()), GroupDescriptions::joined);
            }
            return assignment;
        } catch (RuntimeException malformed) {
            // A plain one is what Kafka's parsers throw for a length that cannot be, or a name that is missing.
            return Map.of();
        }
    }

    private static List<Integer> joined(List<Integer> one, List<Integer> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
