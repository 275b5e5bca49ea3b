package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.MemoryGroupLog;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Commits that come while others wait for wal-store to say whether their topics exist.
final class OffsetCommitHandlerTest {

    /// With a topic that the catalog of the start does not have.
    private static final Catalog LATER = CATALOG.with(2, new Topic(new TopicId(9, 9), "new", 1, Map.of()));

    private final HeldDirectory topics = new HeldDirectory(CATALOG);
    private CoordinatorRig node;
    private OffsetCommitHandler handler;

    @BeforeEach
    void open() {
        node = CoordinatorRig.start(
                new MemoryGroupLog(
                        new MemoryGroupLog.Medium(),
                        EmbeddedCoordinator::readBatch,
                        System::nanoTime,
                        Duration.ofSeconds(10)),
                CATALOG);
        handler = new OffsetCommitHandler(node.groups(), new OffsetTurns(topics));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aCommitThatWaitsForATopicDoesNotTakeBackALaterOneOfAnother() {
        CompletableFuture<KafkaResponse> waiting = commit(offset("new", 0, 5), offset("orders", 0, 10));
        CompletableFuture<KafkaResponse> later = commit(offset("orders", 0, 20));
        topics.show(LATER);
        topics.answerFirst();

        assertThat(answer(waiting)).containsExactly("new-0 NONE", "orders-0 NONE");
        assertThat(answer(later)).containsExactly("orders-0 NONE");
        assertThat(node.fetch("readers", "orders", 0)).isEqualTo(20);
        assertThat(node.fetch("readers", "new", 0)).isEqualTo(5);
    }

    @Test
    void theOtherTopicsAreCommittedThoughWalStoreDoesNotTellOfOne() {
        CompletableFuture<KafkaResponse> commit =
                commit(offset("orders", 7, 1), offset("new", 0, 5), offset("orders", 0, 10));
        topics.fail();

        assertThat(answer(commit))
                .containsExactly(
                        "orders-7 UNKNOWN_TOPIC_OR_PARTITION", "new-0 COORDINATOR_NOT_AVAILABLE", "orders-0 NONE");
        assertThat(node.fetch("readers", "orders", 0)).isEqualTo(10);
    }

    @Test
    void aTopicThatDoesNotExistIsToldInItsPlace() {
        CompletableFuture<KafkaResponse> commit = commit(offset("orders", 1, 1), offset("new", 0, 5));
        topics.answerFirst();

        assertThat(answer(commit)).containsExactly("orders-1 NONE", "new-0 UNKNOWN_TOPIC_OR_PARTITION");
    }

    @Test
    void commitsOfOneTopicThatWaitsKeepTheirOrderHoweverTheyAreToldOfIt() {
        CompletableFuture<KafkaResponse> first = commit(offset("new", 0, 5));
        CompletableFuture<KafkaResponse> second = commit(offset("new", 0, 6));
        topics.show(LATER);
        CompletableFuture<KafkaResponse> third = commit(offset("new", 0, 7));
        topics.answerLast();
        assertThat(second).isNotDone();
        topics.answerFirst();

        assertThat(answer(first)).containsExactly("new-0 NONE");
        assertThat(answer(second)).containsExactly("new-0 NONE");
        assertThat(answer(third)).containsExactly("new-0 NONE");
        assertThat(node.fetch("readers", "new", 0)).isEqualTo(7);
    }

    private record Offset(String topic, int partition, long offset) {}

    private static Offset offset(String topic, int partition, long offset) {
        return new Offset(topic, partition, offset);
    }

    private CompletableFuture<KafkaResponse> commit(Offset... offsets) {
        List<OffsetCommitRequestTopic> wanted = Arrays.stream(offsets)
                .map(each -> new OffsetCommitRequestTopic()
                        .setName(each.topic())
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(each.partition())
                                .setCommittedOffset(each.offset()))))
                .toList();
        OffsetCommitRequestData data =
                new OffsetCommitRequestData().setGroupId("readers").setTopics(wanted);
        return handler.handle(CoordinatorRig.request(
                        OffsetCommitRequest.Builder.forTopicNames(data).build()))
                .subscribeAsCompletionStage();
    }

    private static List<String> answer(CompletableFuture<KafkaResponse> response) {
        OffsetCommitResponse answer =
                (OffsetCommitResponse) ((KafkaResponse.Answer) CoordinatorRig.get(response)).body();
        return answer.data().topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> topic.name() + "-" + partition.partitionIndex() + " "
                                + Errors.forCode(partition.errorCode())))
                .toList();
    }
}
