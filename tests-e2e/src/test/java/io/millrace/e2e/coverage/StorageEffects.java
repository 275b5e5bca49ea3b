package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Effects of the APIs about where data lies and who decides.
final class StorageEffects {
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private StorageEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.DESCRIBE_LOG_DIRS, StorageEffects::describeLogDirs,
                ApiKeys.ALTER_REPLICA_LOG_DIRS, StorageEffects::alterReplicaLogDirs,
                ApiKeys.DESCRIBE_PRODUCERS, StorageEffects::describeProducers,
                ApiKeys.ELECT_LEADERS, StorageEffects::electLeaders,
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS, StorageEffects::alterPartitionReassignments,
                ApiKeys.LIST_PARTITION_REASSIGNMENTS, StorageEffects::listPartitionReassignments,
                ApiKeys.DESCRIBE_QUORUM, StorageEffects::describeQuorum,
                ApiKeys.UPDATE_FEATURES, StorageEffects::updateFeatures);
    }

    /// A partition's bytes are those that were produced; nodes that lead no partition have none.
    private static void describeLogDirs(Scene scene, int version) {
        RawTopic topic = scene.freshTopicWith(3);
        DescribeLogDirsRequestData request = new DescribeLogDirsRequestData();
        request.setTopics(new DescribeLogDirsRequestData.DescribableLogDirTopicCollection());
        request.topics()
                .add(new DescribeLogDirsRequestData.DescribableLogDirTopic()
                        .setTopic(topic.name())
                        .setPartitions(List.of(0)));

        var dirs = scene.call(Service.INGEST, request, version, DescribeLogDirsResponseData.class)
                .results();

        assertThat(dirs).hasSize(1);
        assertNone(dirs.getFirst().errorCode());
        assertThat(dirs.getFirst().logDir())
                .startsWith(scene.cluster().dataDirectory().toString());
        assertThat(dirs.getFirst().topics().getFirst().name()).isEqualTo(topic.name());
        assertThat(dirs.getFirst().topics().getFirst().partitions().getFirst().partitionSize())
                .isGreaterThan(3 * 61);
        if (version >= 4) {
            assertThat(dirs.getFirst().usableBytes())
                    .isPositive()
                    .isLessThanOrEqualTo(dirs.getFirst().totalBytes());
        }
        assertThat(scene.call(Service.FETCH, request, version, DescribeLogDirsResponseData.class)
                        .results())
                .singleElement()
                .satisfies(none -> {
                    assertNone(none.errorCode());
                    assertThat(none.topics()).isEmpty();
                });
    }

    /// Nothing moves to another directory, and what is where it should be stays.
    private static void alterReplicaLogDirs(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        String here = scene.connection(Service.INGEST)
                .call(new DescribeLogDirsRequestData().setTopics(null), 4, DescribeLogDirsResponseData.class)
                .results()
                .getFirst()
                .logDir();

        assertThat(move(scene, Service.INGEST, topic, here, version)).isEqualTo(Errors.NONE);
        for (Service listener : LISTENERS) {
            assertThat(move(scene, listener, topic, "/elsewhere", version)).isEqualTo(Errors.LOG_DIR_NOT_FOUND);
        }
    }

    private static Errors move(Scene scene, Service listener, RawTopic topic, String path, int version) {
        AlterReplicaLogDirsRequestData.AlterReplicaLogDir dir =
                new AlterReplicaLogDirsRequestData.AlterReplicaLogDir().setPath(path);
        dir.topics()
                .add(new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(0)));
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        request.dirs().add(dir);
        return Errors.forCode(scene.call(listener, request, version, AlterReplicaLogDirsResponseData.class)
                .results()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode());
    }

    /// An idempotent producer is known to the partition that it wrote to.
    private static void describeProducers(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        Batches.Sequence first = new Batches.Sequence(7_001, (short) 3, 0);
        assertNone(topic.produce(scene.connection(Service.INGEST), 0, Batches.idempotent(first, "a", "b"), 9)
                .errorCode());
        DescribeProducersRequestData request = new DescribeProducersRequestData()
                .setTopics(List.of(new DescribeProducersRequestData.TopicRequest()
                        .setName(topic.name())
                        .setPartitionIndexes(List.of(0))));

        var partition = scene.call(Service.INGEST, request, version, DescribeProducersResponseData.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();

        assertNone(partition.errorCode());
        assertThat(partition.activeProducers()).hasSize(1);
        var producer = partition.activeProducers().getFirst();
        assertThat(producer.producerId()).isEqualTo(7_001);
        assertThat(producer.producerEpoch()).isEqualTo(3);
        assertThat(producer.lastSequence()).isEqualTo(1);
    }

    /// Every partition has the leader that it should have.
    private static void electLeaders(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        ElectLeadersRequestData request = new ElectLeadersRequestData().setTimeoutMs(10_000);
        request.topicPartitions()
                .add(new ElectLeadersRequestData.TopicPartitions()
                        .setTopic(topic.name())
                        .setPartitions(List.of(0, 1)));
        for (Service listener : LISTENERS) {
            var results = scene.call(listener, request, version, ElectLeadersResponseData.class)
                    .replicaElectionResults()
                    .getFirst()
                    .partitionResult();

            assertThat(Errors.forCode(results.get(0).errorCode())).isEqualTo(Errors.ELECTION_NOT_NEEDED);
            assertThat(Errors.forCode(results.get(1).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
    }

    /// A partition may stay where it is, and go nowhere else.
    private static void alterPartitionReassignments(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(1);
        int leader = leader(scene, topic);
        for (Service listener : LISTENERS) {
            assertThat(reassign(scene, listener, topic, List.of(leader), version))
                    .isEqualTo(Errors.NONE);
            assertThat(reassign(scene, listener, topic, List.of(leader + 1), version))
                    .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
            assertThat(reassign(scene, listener, topic, null, version)).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
    }

    private static Errors reassign(
            Scene scene, Service listener, RawTopic topic, @Nullable List<Integer> replicas, int version) {
        AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData()
                .setTopics(List.of(new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                .setPartitionIndex(0)
                                .setReplicas(replicas)))));
        return Errors.forCode(scene.call(listener, request, version, AlterPartitionReassignmentsResponseData.class)
                .responses()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode());
    }

    private static void listPartitionReassignments(Scene scene, int version) {
        for (Service listener : LISTENERS) {
            ListPartitionReassignmentsResponseData answer = scene.call(
                    listener,
                    new ListPartitionReassignmentsRequestData().setTopics(null),
                    version,
                    ListPartitionReassignmentsResponseData.class);

            assertNone(answer.errorCode());
            assertThat(answer.topics()).isEmpty();
        }
    }

    /// The leader of the quorum is the controller, and its log grows with the catalog.
    private static void describeQuorum(Scene scene, int version) {
        long before = quorum(scene, Service.INGEST, version).highWatermark();
        RawTopic topic = scene.freshTopic(1);

        for (Service listener : LISTENERS) {
            DescribeQuorumResponseData.PartitionData quorum = quorum(scene, listener, version);

            assertNone(quorum.errorCode());
            assertThat(quorum.leaderId()).isEqualTo(leader(scene, topic));
            assertThat(quorum.highWatermark()).isGreaterThan(before);
            assertThat(quorum.currentVoters()).hasSize(1);
        }
    }

    private static DescribeQuorumResponseData.PartitionData quorum(Scene scene, Service listener, int version) {
        DescribeQuorumRequestData request = new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                        .setTopicName("__cluster_metadata")
                        .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0)))));
        return scene.call(listener, request, version, DescribeQuorumResponseData.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    /// A feature stays at the one level that it has.
    private static void updateFeatures(Scene scene, int version) {
        for (Service listener : LISTENERS) {
            assertThat(updateFeature(scene, listener, (short) 1, version)).isEqualTo(Errors.NONE);
            assertThat(updateFeature(scene, listener, (short) 2, version)).isEqualTo(Errors.INVALID_UPDATE_VERSION);
        }
    }

    private static Errors updateFeature(Scene scene, Service listener, short level, int version) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates()
                .add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                        .setFeature("group.version")
                        .setMaxVersionLevel(level));
        UpdateFeaturesResponseData answer = scene.call(listener, request, version, UpdateFeaturesResponseData.class);
        boolean isForAll = version >= 2 || answer.errorCode() != 0;
        return Errors.forCode(
                isForAll
                        ? answer.errorCode()
                        : answer.results().find("group.version").errorCode());
    }

    private static int leader(Scene scene, RawTopic topic) {
        return scene.connection(Service.INGEST)
                .call(
                        new MetadataRequestData()
                                .setTopics(
                                        List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic.name()))),
                        9,
                        MetadataResponseData.class)
                .topics()
                .iterator()
                .next()
                .partitions()
                .getFirst()
                .leaderId();
    }
}
