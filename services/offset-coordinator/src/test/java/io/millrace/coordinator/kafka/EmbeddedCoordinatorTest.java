package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's coordinator on a real store: what was answered is there after a restart.
final class EmbeddedCoordinatorTest {

    private static final TopicId ORDERS = new TopicId(7, 8);
    private static final Catalog CATALOG =
            Catalog.of("cluster", 1, 1, List.of(new Topic(ORDERS, "orders", 3, Map.of())));
    private static final Catalog EMPTY_CATALOG = Catalog.of("cluster", 1, 2, List.of());

    @TempDir
    Path directory;

    private final ScheduledExecutorService loaders = Executors.newScheduledThreadPool(2);

    @AfterEach
    void stop() {
        loaders.shutdownNow();
    }

    @Test
    void aCommittedOffsetIsThereAfterARestart() throws Exception {
        try (Node node = start(CATALOG)) {
            assertThat(node.commit("readers", 1, 42)).isEqualTo(Errors.NONE);
            assertThat(node.fetch("readers", 1)).isEqualTo(42);
        }

        try (Node node = start(CATALOG)) {
            assertThat(node.fetch("readers", 1)).isEqualTo(42);
            assertThat(node.fetch("readers", 2)).isEqualTo(-1);
        }
    }

    @Test
    void aMemberOfAConsumerGroupStaysThroughARestart() throws Exception {
        ConsumerGroupHeartbeatResponseData joined;
        try (Node node = start(CATALOG)) {
            joined = node.join("readers", "member-1");
            assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
            assertThat(joined.memberEpoch()).isPositive();
        }

        try (Node node = start(CATALOG)) {
            ConsumerGroupHeartbeatResponseData beat = node.beat("readers", "member-1", joined.memberEpoch());

            assertThat(Errors.forCode(beat.errorCode())).isEqualTo(Errors.NONE);
            assertThat(beat.memberEpoch()).isEqualTo(joined.memberEpoch());
        }
    }

    @Test
    void theOffsetsOfADeletedTopicAreDeleted() throws Exception {
        try (Node node = start(CATALOG)) {
            node.commit("readers", 1, 42);

            node.coordinator.showCatalog(EMPTY_CATALOG);

            assertThat(node.fetch("readers", 1)).isEqualTo(-1);
        }
        try (Node node = start(EMPTY_CATALOG)) {
            assertThat(node.fetch("readers", 1)).isEqualTo(-1);
        }
    }

    @Test
    void anotherOwnerOfTheStoreMakesTheFormerReloadBeforeItAnswers() throws Exception {
        try (Node node = start(CATALOG)) {
            node.commit("readers", 1, 42);
            try (EmbeddedCoordinator other = coordinator(node.store)) {
                Node second = new Node(node.store, other);
                second.show(CATALOG);
                assertThat(second.commit("readers", 1, 43)).isEqualTo(Errors.NONE);

                assertThat(node.commit("readers", 1, 41)).isEqualTo(Errors.NOT_COORDINATOR);
            }
        }
    }

    private Node start(Catalog catalog) throws IOException {
        GroupLogStore store = GroupLogStore.open(directory, 4);
        Node node = new Node(store, coordinator(store));
        node.show(catalog);
        return node;
    }

    private EmbeddedCoordinator coordinator(GroupLogStore store) {
        CoordinatorSettings settings = new CoordinatorSettings(
                3000, 4, Map.of("group.coordinator.threads", "1", "group.initial.rebalance.delay.ms", "0"));
        return EmbeddedCoordinator.create(
                settings,
                store.log(
                        new GroupLogOptions(1 << 20, 4, 1 << 20, 64),
                        System::nanoTime,
                        EmbeddedCoordinator::readBatch,
                        failure -> {
                            throw new AssertionError(failure);
                        }),
                loaders,
                new QuietEvents());
    }

    private record Node(GroupLogStore store, EmbeddedCoordinator coordinator) implements AutoCloseable {

        void show(Catalog catalog) {
            coordinator.showCatalog(catalog);
            while (!coordinator.isServing()) {
                Thread.onSpinWait();
            }
        }

        Errors commit(String group, int partition, long offset) throws Exception {
            OffsetCommitResponseData answer = get(coordinator
                    .groups()
                    .commitOffsets(
                            context(ApiKeys.OFFSET_COMMIT),
                            new OffsetCommitRequestData()
                                    .setGroupId(group)
                                    .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                                            .setName("orders")
                                            .setPartitions(
                                                    List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                                            .setPartitionIndex(partition)
                                                            .setCommittedOffset(offset))))),
                            BufferSupplier.NO_CACHING));
            return Errors.forCode(
                    answer.topics().getFirst().partitions().getFirst().errorCode());
        }

        long fetch(String group, int partition) throws Exception {
            OffsetFetchResponseData.OffsetFetchResponseGroup answer;
            do {
                answer = get(coordinator
                        .groups()
                        .fetchOffsets(
                                context(ApiKeys.OFFSET_FETCH),
                                new OffsetFetchRequestData.OffsetFetchRequestGroup()
                                        .setGroupId(group)
                                        .setTopics(List.of(new OffsetFetchRequestData.OffsetFetchRequestTopics()
                                                .setName("orders")
                                                .setPartitionIndexes(List.of(partition)))),
                                true));
            } while (answer.errorCode() == Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
            return answer.topics().getFirst().partitions().getFirst().committedOffset();
        }

        ConsumerGroupHeartbeatResponseData join(String group, String member) throws Exception {
            return heartbeat(new ConsumerGroupHeartbeatRequestData()
                    .setGroupId(group)
                    .setMemberId(member)
                    .setMemberEpoch(0)
                    .setRebalanceTimeoutMs(5000)
                    .setSubscribedTopicNames(List.of("orders"))
                    .setTopicPartitions(List.of()));
        }

        ConsumerGroupHeartbeatResponseData beat(String group, String member, int epoch) throws Exception {
            return heartbeat(new ConsumerGroupHeartbeatRequestData()
                    .setGroupId(group)
                    .setMemberId(member)
                    .setMemberEpoch(epoch));
        }

        private ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request)
                throws Exception {
            ConsumerGroupHeartbeatResponseData answer;
            do {
                answer = get(coordinator
                        .groups()
                        .consumerGroupHeartbeat(context(ApiKeys.CONSUMER_GROUP_HEARTBEAT), request));
            } while (answer.errorCode() == Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
            return answer;
        }

        private static GroupRequestContext context(ApiKeys api) {
            return GroupRequestContext.ofRest(api);
        }

        private static <T> T get(CompletableFuture<T> future) throws Exception {
            return future.get(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() throws IOException {
            coordinator.close();
            store.close();
        }
    }
}
