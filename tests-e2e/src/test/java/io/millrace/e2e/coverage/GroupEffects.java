package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/// Effects of the APIs about a group's members.
final class GroupEffects {
    private static final int JOIN = 9;
    private static final int SYNC = 5;
    private static final int HEARTBEAT = 4;

    private GroupEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.JOIN_GROUP, GroupEffects::joinGroup,
                ApiKeys.SYNC_GROUP, GroupEffects::syncGroup,
                ApiKeys.HEARTBEAT, GroupEffects::heartbeat,
                ApiKeys.LEAVE_GROUP, GroupEffects::leaveGroup,
                ApiKeys.LIST_GROUPS, GroupEffects::listGroups,
                ApiKeys.DESCRIBE_GROUPS, GroupEffects::describeGroups,
                ApiKeys.DELETE_GROUPS, GroupEffects::deleteGroups,
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, GroupEffects::consumerGroupHeartbeat,
                ApiKeys.CONSUMER_GROUP_DESCRIBE, GroupEffects::consumerGroupDescribe);
    }

    /// A member joins and leads the first generation.
    private static void joinGroup(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, version);

        assertThat(member.generation()).isEqualTo(1);
        assertThat(member.memberId()).isNotEmpty();
        // As in Kafka, others see a group once something of it is written.
        member.sync(SYNC);
        assertThat(describe(scene, member.group(), 5).members())
                .anyMatch(each -> each.memberId().equals(member.memberId()));
    }

    /// A member gets what the leader assigned to it, and the group is stable.
    private static void syncGroup(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, JOIN);

        assertThat(member.sync(version)).isEqualTo(ClassicGroup.ASSIGNMENT);
        assertThat(describe(scene, member.group(), 5).groupState()).isEqualTo("Stable");
    }

    /// A member is known, a stranger is not, an old generation is told so.
    private static void heartbeat(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, JOIN);
        member.sync(SYNC);

        assertThat(member.heartbeat(version)).isEqualTo(Errors.NONE);
        assertThat(new ClassicGroup(scene, member.group(), "stranger", 1).heartbeat(version))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(new ClassicGroup(scene, member.group(), member.memberId(), 99).heartbeat(version))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    /// A member that left is no longer known, and the group is empty.
    private static void leaveGroup(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, JOIN);
        member.sync(SYNC);
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(member.group());
        if (version >= 3) {
            request.setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId(member.memberId())));
        } else {
            request.setMemberId(member.memberId());
        }

        LeaveGroupResponseData answer = call(scene, request, version, LeaveGroupResponseData.class);

        assertNone(answer.errorCode());
        assertThat(member.heartbeat(HEARTBEAT)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(describe(scene, member.group(), 5).groupState()).isEqualTo("Empty");
    }

    /// A group is listed by the service that has it, and by no other, as with Kafka's brokers.
    private static void listGroups(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, JOIN);
        member.sync(SYNC);
        ListGroupsRequestData request = new ListGroupsRequestData();
        if (version >= 4) {
            request.setStatesFilter(List.of("Stable"));
        }

        ListGroupsResponseData answer = call(scene, request, version, ListGroupsResponseData.class);

        assertNone(answer.errorCode());
        var listed = answer.groups().stream()
                .filter(each -> each.groupId().equals(member.group()))
                .toList();
        assertThat(listed).hasSize(1);
        assertThat(listed.getFirst().protocolType()).isEqualTo("consumer");
        for (Service other : List.of(Service.INGEST, Service.FETCH)) {
            ListGroupsResponseData none = scene.call(other, request, version, ListGroupsResponseData.class);
            assertNone(none.errorCode());
            assertThat(none.groups()).isEmpty();
        }
    }

    private static void describeGroups(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, JOIN);
        member.sync(SYNC);

        var described = describe(scene, member.group(), version);

        assertNone(described.errorCode());
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.members()).hasSize(1);
        assertThat(described.members().getFirst().clientId()).isEqualTo("raw");
        assertThat(described.members().getFirst().memberAssignment()).isEqualTo(ClassicGroup.ASSIGNMENT);
    }

    /// An empty group goes, one with members stays.
    private static void deleteGroups(Scene scene, int version) {
        ClassicGroup member = ClassicGroup.join(scene, JOIN);
        member.sync(SYNC);
        String empty = OffsetEffects.freshGroupWithOffset(scene);
        DeleteGroupsRequestData request = new DeleteGroupsRequestData().setGroupsNames(List.of(member.group(), empty));

        DeleteGroupsResponseData answer = call(scene, request, version, DeleteGroupsResponseData.class);

        assertThat(Errors.forCode(answer.results().find(member.group()).errorCode()))
                .isEqualTo(Errors.NON_EMPTY_GROUP);
        assertThat(Errors.forCode(answer.results().find(empty).errorCode())).isEqualTo(Errors.NONE);
        assertThat(describe(scene, empty, 5).groupState()).isEqualTo("Dead");
        assertThat(describe(scene, member.group(), 5).groupState()).isEqualTo("Stable");
    }

    /// A member of KIP-848's protocol is given the partitions of the topic it wants.
    private static void consumerGroupHeartbeat(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(3);
        String group = scene.freshName("consumers");

        List<Integer> assigned = joinNewProtocol(scene, group, topic, version);

        assertThat(assigned).containsExactlyInAnyOrder(0, 1, 2);
    }

    private static void consumerGroupDescribe(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(2);
        String group = scene.freshName("consumers");
        joinNewProtocol(scene, group, topic, 1);
        ConsumerGroupDescribeRequestData request = new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group));

        var described = call(scene, request, version, ConsumerGroupDescribeResponseData.class)
                .groups()
                .getFirst();

        assertNone(described.errorCode());
        assertThat(described.members()).hasSize(1);
        var member = described.members().getFirst();
        assertThat(member.subscribedTopicNames()).containsExactly(topic.name());
        assertThat(member.targetAssignment().topicPartitions().getFirst().partitions())
                .containsExactlyInAnyOrder(0, 1);
    }

    private static List<Integer> joinNewProtocol(Scene scene, String group, RawTopic topic, int version) {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(version >= 1 ? scene.freshName("member") : "")
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(30_000)
                .setSubscribedTopicNames(List.of(topic.name()))
                .setTopicPartitions(List.of());
        List<Integer> assigned = new ArrayList<>();
        Awaitility.await("the member has partitions")
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    var answer = call(scene, request, version, ConsumerGroupHeartbeatResponseData.class);
                    assertNone(answer.errorCode());
                    request.setMemberId(answer.memberId()).setMemberEpoch(answer.memberEpoch());
                    if (answer.assignment() != null) {
                        answer.assignment().topicPartitions().forEach(each -> {
                            assertThat(each.topicId()).isEqualTo(topic.id());
                            assigned.addAll(each.partitions());
                        });
                    }
                    return !assigned.isEmpty();
                });
        return assigned;
    }

    static DescribeGroupsResponseData.DescribedGroup describe(Scene scene, String group, int version) {
        DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(List.of(group));
        return call(scene, request, version, DescribeGroupsResponseData.class)
                .groups()
                .getFirst();
    }

    private static <T extends ApiMessage> T call(Scene scene, ApiMessage request, int version, Class<T> type) {
        return scene.call(Service.OFFSET_COORDINATOR, request, version, type);
    }
}
