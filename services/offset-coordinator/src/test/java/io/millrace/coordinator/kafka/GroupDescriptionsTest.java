package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupDescriptionsTest {

    @Test
    void anAssignmentOfAClassicConsumerIsToldByTopic() {
        Assignment assignment = new Assignment(List.of(
                new TopicPartition("orders", 0), new TopicPartition("bills", 2), new TopicPartition("orders", 1)));

        GroupDescription group =
                GroupDescriptions.of(group(Utils.toArray(ConsumerProtocol.serializeAssignment(assignment))));

        assertThat(assignments(group)).containsExactly(Map.of("orders", List.of(0, 1), "bills", List.of(2)));
    }

    /// A version that is cut off, 16 million topics, a topic without a name, a name longer than the rest.
    @ParameterizedTest
    @ValueSource(strings = {"00", "000000ffffff", "000000000001ffff", "0000000000010010aa"})
    void ofAMalformedAssignmentNothingIsToldAndTheRestOfTheGroupIs(String assignment) {
        GroupDescription group = GroupDescriptions.of(group(HexFormat.of().parseHex(assignment)));

        assertThat(assignments(group)).containsExactly(Map.of());
    }

    private static DescribedGroup group(byte[] assignment) {
        return new DescribedGroup()
                .setGroupId("g")
                .setProtocolType("consumer")
                .setMembers(List.of(new DescribedGroupMember().setMemberAssignment(assignment)));
    }

    private static Collection<Map<String, List<Integer>>> assignments(GroupDescription group) {
        return group.members().stream().map(GroupDescription.Member::assignment).toList();
    }
}
