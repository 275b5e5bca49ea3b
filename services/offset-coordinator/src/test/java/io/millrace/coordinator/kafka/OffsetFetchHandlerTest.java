package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static io.millrace.coordinator.kafka.CoordinatorRig.CREATED_AGAIN;
import static io.millrace.coordinator.kafka.CoordinatorRig.EMPTY_CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.MemoryGroupLog;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Catalog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Offsets of a topic that was deleted, and perhaps created again, while the coordinator could not hear of it.
final class OffsetFetchHandlerTest {

    private static final short BY_NAME = 9;

    private final MemoryGroupLog.Medium medium = new MemoryGroupLog.Medium();
    private final HeldDirectory topics = new HeldDirectory(CATALOG);
    private CoordinatorRig node;

    @BeforeEach
    void open() {
        node = start(CATALOG);
        commit(1, 42);
    }

    private CoordinatorRig start(Catalog catalog) {
        return CoordinatorRig.start(
                new MemoryGroupLog(medium, EmbeddedCoordinator::readBatch, System::nanoTime, Duration.ofSeconds(10)),
                catalog);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void restart(Catalog catalog) {
        node.close();
        topics.show(catalog);
        node = start(catalog);
    }

    @Test
    void offsetsAreFoundByNameAndAmongAll() {
        assertThat(fetched(fetch("orders"))).containsExactly("orders-1 42");
        assertThat(fetched(fetchAll(BY_NAME))).containsExactly("orders-1 42");
    }

    @Test
    void anOffsetFromBeforeADeletionIsNotThatOfTheTopicThatWasCreatedAgain() {
        topics.show(CREATED_AGAIN);

        assertThat(fetched(fetch("orders"))).containsExactly("orders-1 -1");
        assertThat(fetched(fetchAll(BY_NAME))).isEmpty();
    }

    @Test
    void theTopicThatWasCreatedAgainHasItsOwnOffsets() {
        topics.show(CREATED_AGAIN);
        commit(1, 7);

        assertThat(fetched(fetch("orders"))).containsExactly("orders-1 7");
        assertThat(fetched(fetchAll(BY_NAME))).containsExactly("orders-1 7");
    }

    @Test
    void anOffsetThatAnAdministratorSetBeforeADeletionIsNotThatOfTheTopicThatWasCreatedAgain() {
        new GroupAdmin(node.coordinator(), topics)
                .reset("readers", List.of(new CommittedOffset("orders", 2, 9, "")), CATALOG::topic)
                .await()
                .indefinitely();
        restart(CREATED_AGAIN);

        assertThat(node.fetch("readers", 2)).isEqualTo(-1);
    }

    @Test
    void allOffsetsHaveTheIdsOfTheirTopics() {
        OffsetFetchResponseGroup all = CoordinatorRig.get(fetchAll(OffsetFetchRequest.TOPIC_ID_MIN_VERSION));

        assertThat(all.topics().getFirst().topicId()).isEqualTo(Uuids.of(CoordinatorRig.ORDERS));
    }

    @Test
    void anOffsetOfATopicThatIsGoneIsNotTold() {
        topics.show(EMPTY_CATALOG);

        CompletableFuture<OffsetFetchResponseGroup> byName = fetch("orders");
        topics.answerFirst();
        assertThat(fetched(byName)).containsExactly("orders-1 -1");
        CompletableFuture<OffsetFetchResponseGroup> all = fetchAll(BY_NAME);
        topics.answerFirst();
        assertThat(fetched(all)).isEmpty();
    }

    @Test
    void aTopicThatWalStoreDoesNotTellOfIsAskedForAgain() {
        topics.show(EMPTY_CATALOG);

        CompletableFuture<OffsetFetchResponseGroup> byName = fetch("orders");
        topics.fail();

        assertThat(Errors.forCode(CoordinatorRig.get(byName).errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void afterARestartNothingKnowsTheOffsetsOfATopicThatWasDeletedMeanwhile() {
        restart(CREATED_AGAIN);

        assertThat(node.fetch("readers", 1)).isEqualTo(-1);
        assertThat(new GroupAdmin(node.coordinator(), topics)
                        .offsets("readers")
                        .await()
                        .indefinitely())
                .isEqualTo(new GroupAnswer.Given<>(List.of()));
        commit(1, 7);
        restart(CREATED_AGAIN);
        assertThat(node.fetch("readers", 1)).isEqualTo(7);
    }

    private void commit(int partition, long offset) {
        OffsetCommitRequestData data = new OffsetCommitRequestData()
                .setGroupId("readers")
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)))));
        CoordinatorRig.get(new OffsetCommitHandler(node.groups(), new OffsetTurns(topics))
                .handle(CoordinatorRig.request(
                        OffsetCommitRequest.Builder.forTopicNames(data).build()))
                .subscribeAsCompletionStage());
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(String topic) {
        return fetch(
                new OffsetFetchRequestGroup()
                        .setGroupId("readers")
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(1)))),
                BY_NAME);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetchAll(short version) {
        return fetch(new OffsetFetchRequestGroup().setGroupId("readers").setTopics(null), version);
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup group, short version) {
        OffsetFetchRequestData data = new OffsetFetchRequestData().setGroups(List.of(group));
        return new OffsetFetchHandler(node.groups(), topics)
                .handle(CoordinatorRig.request(OffsetFetchRequest.Builder.forTopicIdsOrNames(data, true)
                        .build(version)))
                .map(answer -> ((OffsetFetchResponse) ((KafkaResponse.Answer) answer).body()).group("readers"))
                .subscribeAsCompletionStage();
    }

    private static List<String> fetched(CompletableFuture<OffsetFetchResponseGroup> answer) {
        return CoordinatorRig.get(answer).topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition ->
                                topic.name() + "-" + partition.partitionIndex() + " " + partition.committedOffset()))
                .toList();
    }
}
