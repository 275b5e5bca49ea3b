package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/// Effects of the APIs about a group's committed offsets.
final class OffsetEffects {
    private static final int FIRST_FETCH_OF_GROUPS = 8;
    private static final int FIRST_BY_ID = 10;
    private static final int ANY_COMMIT = 8;
    private static final int ANY_FETCH = 9;
    private static final long NOTHING = -1;

    private OffsetEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.OFFSET_COMMIT, OffsetEffects::offsetCommit,
                ApiKeys.OFFSET_FETCH, OffsetEffects::offsetFetch,
                ApiKeys.OFFSET_DELETE, OffsetEffects::offsetDelete);
    }

    static String freshGroupWithOffset(Scene scene) {
        String group = scene.freshName("offsets");
        commit(scene, group, scene.freshTopic(1), 1, ANY_COMMIT);
        return group;
    }

    /// What is committed is fetched, and a later commit replaces it.
    private static void offsetCommit(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        String group = scene.freshName("offsets");

        commit(scene, group, topic, 41, version);
        assertThat(fetch(scene, group, topic, ANY_FETCH)).isEqualTo(41);
        commit(scene, group, topic, 42, version);
        assertThat(fetch(scene, group, topic, ANY_FETCH)).isEqualTo(42);
    }

    /// What is committed is fetched; where nothing is, the answer says so.
    private static void offsetFetch(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        String group = scene.freshName("offsets");
        commit(scene, group, topic, 43, ANY_COMMIT);

        assertThat(fetch(scene, group, topic, version)).isEqualTo(43);
        assertThat(fetch(scene, group, scene.freshTopic(1), version)).isEqualTo(NOTHING);
    }

    private static void offsetDelete(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        RawTopic other = scene.freshTopic(1);
        String group = scene.freshName("offsets");
        commit(scene, group, topic, 5, ANY_COMMIT);
        commit(scene, group, other, 6, ANY_COMMIT);
        OffsetDeleteRequestData.OffsetDeleteRequestTopic wanted = new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
                .setName(topic.name())
                .setPartitions(
                        List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition().setPartitionIndex(0)));
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(group);
        request.topics().add(wanted);

        OffsetDeleteResponseData answer = call(scene, request, version, OffsetDeleteResponseData.class);

        assertNone(answer.errorCode());
        assertNone(
                answer.topics().iterator().next().partitions().iterator().next().errorCode());
        assertThat(fetch(scene, group, topic, ANY_FETCH)).isEqualTo(NOTHING);
        assertThat(fetch(scene, group, other, ANY_FETCH)).isEqualTo(6);
    }

    private static void commit(Scene scene, String group, RawTopic topic, long offset, int version) {
        OffsetCommitRequestData.OffsetCommitRequestTopic wanted = new OffsetCommitRequestData.OffsetCommitRequestTopic()
                .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(offset)
                        .setCommittedMetadata("note")));
        if (version >= FIRST_BY_ID) {
            wanted.setTopicId(topic.id());
        } else {
            wanted.setName(topic.name());
        }
        OffsetCommitRequestData request =
                new OffsetCommitRequestData().setGroupId(group).setTopics(List.of(wanted));
        OffsetCommitResponseData answer = call(scene, request, version, OffsetCommitResponseData.class);
        assertNone(answer.topics().getFirst().partitions().getFirst().errorCode());
    }

    private static long fetch(Scene scene, String group, RawTopic topic, int version) {
        return version >= FIRST_FETCH_OF_GROUPS
                ? fetchOfGroups(scene, group, topic, version)
                : fetchOfOneGroup(scene, group, topic, version);
    }

    private static long fetchOfOneGroup(Scene scene, String group, RawTopic topic, int version) {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopic()
                        .setName(topic.name())
                        .setPartitionIndexes(List.of(0))));
        OffsetFetchResponseData answer = call(scene, request, version, OffsetFetchResponseData.class);
        assertNone(answer.errorCode());
        var partition = answer.topics().getFirst().partitions().getFirst();
        assertNone(partition.errorCode());
        return partition.committedOffset();
    }

    private static long fetchOfGroups(Scene scene, String group, RawTopic topic, int version) {
        OffsetFetchRequestData.OffsetFetchRequestTopics wanted =
                new OffsetFetchRequestData.OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        if (version >= FIRST_BY_ID) {
            wanted.setTopicId(topic.id());
        } else {
            wanted.setName(topic.name());
        }
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestData.OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(wanted))));
        var answer = call(scene, request, version, OffsetFetchResponseData.class)
                .groups()
                .getFirst();
        assertNone(answer.errorCode());
        var partition = answer.topics().getFirst().partitions().getFirst();
        assertNone(partition.errorCode());
        return partition.committedOffset();
    }

    private static <T extends ApiMessage> T call(Scene scene, ApiMessage request, int version, Class<T> type) {
        return scene.call(Service.OFFSET_COORDINATOR, request, version, type);
    }
}
