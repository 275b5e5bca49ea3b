package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.WithCluster;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Kafka's own tools do through the admin client.
@WithCluster
final class AdminIT {
    private final MillraceCluster cluster;
    private final Clients clients;
    private final Admin admin;

    AdminIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
        this.admin = clients.admin();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void aTopicIsCreatedDescribedGrownAndDeleted() {
        Await.value(admin.createTopics(List.of(new NewTopic("admin-life", 2, (short) 1)))
                .all());
        assertThat(Await.value(admin.listTopics().names())).contains("admin-life");
        assertThat(describe("admin-life").partitions()).hasSize(2);

        Await.value(admin.createPartitions(Map.of("admin-life", NewPartitions.increaseTo(5)))
                .all());
        assertThat(describe("admin-life").partitions())
                .hasSize(5)
                .allSatisfy(partition -> assertThat(partition.leader()).isNotNull());
        assertThat(Await.failure(admin.createPartitions(Map.of("admin-life", NewPartitions.increaseTo(4)))
                        .all()))
                .isInstanceOf(InvalidPartitionsException.class);

        Await.value(admin.deleteTopics(List.of("admin-life")).all());
        assertThat(Await.value(admin.listTopics().names())).doesNotContain("admin-life");
        assertThat(Await.failure(admin.describeTopics(List.of("admin-life")).allTopicNames()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        assertThat(Await.failure(admin.deleteTopics(List.of("admin-life")).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void everyNodeListsAndDescribesATopicAsSoonAsItsChangeIsAnswered() {
        for (int i = 0; i < 30; i++) {
            String name = "admin-listed-" + i;
            Await.value(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                    .all());
            assertThat(Await.value(admin.listTopics().names())).contains(name);
            Await.value(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(2)))
                    .all());
            assertThat(describe(name).partitions()).hasSize(2);
            Await.value(admin.deleteTopics(List.of(name)).all());
            assertThat(Await.value(admin.listTopics().names())).doesNotContain(name);
        }
    }

    @Test
    void aTopicThatIsMadeAgainIsEmpty() {
        clients.createTopic("admin-again", 1);
        try (Load load = new Load("admin-again", clients.producer(), new Random(1))) {
            load.send("admin-again", 0, 10);
            load.flush();
        }
        TopicDescription first = describe("admin-again");

        Await.value(admin.deleteTopics(List.of("admin-again")).all());
        clients.createTopic("admin-again", 1);
        TopicPartition partition = new TopicPartition("admin-again", 0);

        assertThat(describe("admin-again").topicId()).isNotEqualTo(first.topicId());
        assertThat(Await.value(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition))
                        .offset())
                .isZero();
    }

    /// As `kafka-log-dirs` asks; those that keep no log have an empty directory.
    @Test
    void everyNodeTellsOfItsLogDirectories() {
        clients.createTopic("admin-log-dirs", 1);
        List<Integer> nodes = Await.value(admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .toList();

        assertThat(Await.value(admin.describeLogDirs(nodes).allDescriptions()))
                .containsOnlyKeys(nodes)
                .allSatisfy((_, directories) -> assertThat(directories)
                        .allSatisfy(
                                (_, directory) -> assertThat(directory.error()).isNull()))
                .anySatisfy((_, directories) -> assertThat(directories)
                        .anySatisfy((_, directory) -> assertThat(directory.replicaInfos())
                                .containsKey(new TopicPartition("admin-log-dirs", 0))));
    }

    record Wrong(NewTopic topic, Class<? extends Exception> error) {}

    static Stream<Wrong> wrongTopics() {
        return Stream.of(
                new Wrong(new NewTopic("", 1, (short) 1), InvalidTopicException.class),
                new Wrong(new NewTopic(".", 1, (short) 1), InvalidTopicException.class),
                new Wrong(new NewTopic("..", 1, (short) 1), InvalidTopicException.class),
                new Wrong(new NewTopic("a b", 1, (short) 1), InvalidTopicException.class),
                new Wrong(new NewTopic("x".repeat(250), 1, (short) 1), InvalidTopicException.class),
                new Wrong(new NewTopic("wrong-count", 0, (short) 1), InvalidPartitionsException.class),
                new Wrong(new NewTopic("wrong-factor", 1, (short) 3), InvalidReplicationFactorException.class),
                new Wrong(
                        new NewTopic("wrong-config", 1, (short) 1).configs(Map.of("no.such.setting", "1")),
                        InvalidConfigurationException.class),
                new Wrong(
                        new NewTopic("wrong-value", 1, (short) 1).configs(Map.of("retention.ms", "soon")),
                        InvalidConfigurationException.class),
                new Wrong(new NewTopic("__taken", 1, (short) 1), TopicExistsException.class));
    }

    @ParameterizedTest
    @MethodSource("wrongTopics")
    void aWrongTopicIsRefusedWithKafkasError(Wrong wrong) {
        if (wrong.topic().name().equals("__taken")) {
            clients.createTopic("__taken", 1);
        }

        assertThat(Await.failure(admin.createTopics(List.of(wrong.topic())).all()))
                .isInstanceOf(wrong.error());
    }

    @Test
    void aValidationCreatesNothing() {
        NewTopic topic = new NewTopic("admin-validated", 1, (short) 1);

        Await.value(admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true))
                .all());

        assertThat(Await.value(admin.listTopics().names())).doesNotContain("admin-validated");
    }

    @Test
    void configurationsAreChangedAndSurviveARestart() {
        clients.createTopic(new NewTopic("admin-config", 1, (short) 1).configs(Map.of("retention.ms", "1000000000")));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "admin-config");

        alter(resource, "max.message.bytes", "2000", AlterConfigOp.OpType.SET);
        alter(resource, "retention.ms", "", AlterConfigOp.OpType.DELETE);
        cluster.kill();
        cluster.start();
        Config config = config(resource);

        assertThat(entry(config, "max.message.bytes").value()).isEqualTo("2000");
        assertThat(entry(config, "max.message.bytes").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(entry(config, "retention.ms").value()).isEqualTo("604800000");
        assertThat(entry(config, "retention.ms").isDefault()).isTrue();
        assertThat(Await.failure(admin.incrementalAlterConfigs(
                                Map.of(resource, op("max.message.bytes", "many", AlterConfigOp.OpType.SET)))
                        .all()))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void theClusterNamesItsNodes() {
        Collection<Node> nodes = Await.value(admin.describeCluster().nodes());

        assertThat(nodes).hasSize(3);
        assertThat(nodes).contains(Await.value(admin.describeCluster().controller()));
        assertThat(Await.value(admin.describeCluster().clusterId())).isNotBlank();
    }

    @Test
    void offsetsAreFoundByTimeAndAtTheLargestTimestamp() {
        clients.createTopic(new NewTopic("admin-times", 1, (short) 1).configs(Map.of("retention.ms", "-1")));
        TopicPartition partition = new TopicPartition("admin-times", 0);
        try (var producer = clients.producer()) {
            for (long time : new long[] {1_000, 3_000, 2_000, 2_500}) {
                Await.value(producer.send(new org.apache.kafka.clients.producer.ProducerRecord<>(
                        "admin-times", 0, time, null, new byte[3])));
            }
        }

        assertThat(offset(partition, OffsetSpec.forTimestamp(1_500))).isEqualTo(1);
        assertThat(offset(partition, OffsetSpec.forTimestamp(9_000))).isEqualTo(-1);
        assertThat(offset(partition, OffsetSpec.maxTimestamp())).isEqualTo(1);
        assertThat(offset(partition, OffsetSpec.earliest())).isZero();
        assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(4);
    }

    @Test
    void aGroupIsListedDescribedAlteredAndDeleted() {
        clients.createTopic("admin-group", 2);
        TopicPartition partition = new TopicPartition("admin-group", 0);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of("group.id", "admin-group"))) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0, "note")));
        }
        assertThat(Await.value(admin.listGroups().all()))
                .anyMatch(group -> group.groupId().equals("admin-group"));
        assertThat(committed("admin-group")).containsEntry(partition, new OffsetAndMetadata(0, "note"));

        Await.value(admin.alterConsumerGroupOffsets(
                        "admin-group", Map.of(new TopicPartition("admin-group", 1), new OffsetAndMetadata(7)))
                .all());
        assertThat(committed("admin-group")).hasSize(2);
        Await.value(admin.deleteConsumerGroupOffsets("admin-group", java.util.Set.of(partition))
                .all());
        assertThat(committed("admin-group")).hasSize(1);

        Await.value(admin.deleteConsumerGroups(List.of("admin-group")).all());
        assertThat(Await.failure(
                        admin.deleteConsumerGroups(List.of("admin-group")).all()))
                .isInstanceOf(GroupIdNotFoundException.class);
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return Await.value(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return Await.value(admin.listOffsets(Map.of(partition, spec)).partitionResult(partition))
                .offset();
    }

    private TopicDescription describe(String name) {
        return Objects.requireNonNull(
                Await.value(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
    }

    private Config config(ConfigResource resource) {
        return Objects.requireNonNull(
                Await.value(admin.describeConfigs(List.of(resource)).all()).get(resource));
    }

    private static ConfigEntry entry(Config config, String name) {
        return Objects.requireNonNull(config.get(name), name);
    }

    private void alter(ConfigResource resource, String name, String value, AlterConfigOp.OpType type) {
        Await.value(admin.incrementalAlterConfigs(Map.of(resource, op(name, value, type)))
                .all());
    }

    private static List<AlterConfigOp> op(String name, String value, AlterConfigOp.OpType type) {
        return List.of(new AlterConfigOp(new ConfigEntry(name, value), type));
    }
}
