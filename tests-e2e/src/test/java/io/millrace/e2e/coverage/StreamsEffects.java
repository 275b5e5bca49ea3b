package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Service;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/// Effects of the APIs about Streams applications.
final class StreamsEffects {

    private StreamsEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.STREAMS_GROUP_HEARTBEAT, StreamsEffects::heartbeat,
                ApiKeys.STREAMS_GROUP_DESCRIBE, StreamsEffects::describe);
    }

    /// The topics of the topology that are missing are created as it says, and the only member gets all tasks.
    private static void heartbeat(Scene scene, int version) {
        RawTopic source = scene.freshTopic(3);
        String changelog = source.name() + "-changelog";

        Map<String, List<Integer>> tasks = join(scene, scene.freshName("streams"), source, version);

        assertThat(tasks).isEqualTo(Map.of("0", List.of(0, 1, 2)));
        RawTopic created = RawTopic.find(scene.connection(Service.INGEST), changelog);
        assertThat(created.name()).isEqualTo(changelog);
        assertThat(heartbeat(scene, request(scene.freshName("streams"), "__consumer_offsets", "x"), version)
                        .errorCode())
                .isEqualTo(Errors.STREAMS_INVALID_TOPOLOGY.code());
    }

    private static void describe(Scene scene, int version) {
        RawTopic source = scene.freshTopic(2);
        String group = scene.freshName("streams");
        join(scene, group, source, 0);
        StreamsGroupDescribeRequestData request = new StreamsGroupDescribeRequestData().setGroupIds(List.of(group));

        var described = scene.call(Service.OFFSET_COORDINATOR, request, version, StreamsGroupDescribeResponseData.class)
                .groups()
                .getFirst();

        assertNone(described.errorCode());
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.topology().subtopologies().getFirst().sourceTopics())
                .containsExactly(source.name());
        assertThat(described.members()).hasSize(1);
        assertThat(described
                        .members()
                        .getFirst()
                        .assignment()
                        .activeTasks()
                        .getFirst()
                        .partitions())
                .containsExactlyInAnyOrder(0, 1);
    }

    /// The tasks of the only member, by subtopology.
    private static Map<String, List<Integer>> join(Scene scene, String group, RawTopic source, int version) {
        StreamsGroupHeartbeatRequestData request = request(group, source.name(), source.name() + "-changelog");
        Map<String, List<Integer>> tasks = new HashMap<>();
        Awaitility.await("the member has tasks").atMost(Duration.ofSeconds(30)).until(() -> {
            StreamsGroupHeartbeatResponseData answer = heartbeat(scene, request, version);
            assertNone(answer.errorCode());
            request.setMemberEpoch(answer.memberEpoch()).setTopology(null);
            if (answer.activeTasks() != null) {
                answer.activeTasks()
                        .forEach(task -> tasks.put(
                                task.subtopologyId(),
                                task.partitions().stream().sorted().toList()));
            }
            return !tasks.isEmpty();
        });
        return tasks;
    }

    private static StreamsGroupHeartbeatRequestData request(String group, String source, String changelog) {
        TopicInfo info = new TopicInfo()
                .setName(changelog)
                .setReplicationFactor((short) -1)
                .setTopicConfigs(List.of(new KeyValue().setKey("cleanup.policy").setValue("compact")));
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(group + "-member")
                .setMemberEpoch(0)
                .setProcessId(group + "-process")
                .setRebalanceTimeoutMs(30_000)
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setTopology(new Topology()
                        .setEpoch(0)
                        .setSubtopologies(List.of(new Subtopology()
                                .setSubtopologyId("0")
                                .setSourceTopics(List.of(source))
                                .setStateChangelogTopics(List.of(info)))));
    }

    private static StreamsGroupHeartbeatResponseData heartbeat(
            Scene scene, StreamsGroupHeartbeatRequestData request, int version) {
        return scene.call(Service.OFFSET_COORDINATOR, request, version, StreamsGroupHeartbeatResponseData.class);
    }
}
