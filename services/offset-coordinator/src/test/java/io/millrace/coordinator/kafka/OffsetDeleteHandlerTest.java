package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.coordinator.log.TestStores;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OffsetDeleteHandlerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private GroupLogStore store;
    private final HeldDirectory topics = new HeldDirectory(CATALOG);
    private CoordinatorRig node;
    private OffsetDeleteHandler handler;

    @BeforeEach
    void open() throws GroupStoreException {
        store = TestStores.open(directory, CoordinatorRig.SHARDS);
        node = CoordinatorRig.start(
                store.log(
                        new GroupLogOptions(1 << 20, 4, 1 << 20, 64, 1 << 20, PATIENCE, PATIENCE),
                        System::nanoTime,
                        EmbeddedCoordinator::readBatch,
                        failure -> {
                            throw new AssertionError(failure);
                        }),
                CATALOG);
        handler = new OffsetDeleteHandler(node.groups(), new OffsetTurns(topics));
    }

    @AfterEach
    void close() throws GroupStoreException {
        node.close();
        store.close();
    }

    @Test
    void whatIsWrongWithTheGroupIsToldAlsoIfAllTopicsAreUnknown() {
        CompletableFuture<OffsetDeleteResponseData> deletion = delete("", wanted("nowhere", 2));
        topics.answerFirst();

        OffsetDeleteResponseData answer = CoordinatorRig.get(deletion);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(answer.topics()).isEmpty();
    }

    @Test
    void aPartitionThatIsUnknownIsToldBesideTheGroupsAnswer() {
        node.commit("readers", 1, 42);

        OffsetDeleteResponseData answer = CoordinatorRig.get(delete("readers", wanted("orders", 7)));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(
                        answer.topics().find("orders").partitions().find(7).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(node.fetch("readers", 1)).isEqualTo(42);
    }

    @Test
    void aDeletionThatWaitsForATopicDoesNotTakeBackALaterCommitOfAnother() {
        node.commit("readers", 1, 42);
        CompletableFuture<OffsetDeleteResponseData> waiting = delete("readers", wanted("new", 0), wanted("orders", 1));
        assertThat(node.commit("readers", 1, 43)).isEqualTo(Errors.NONE);
        topics.show(CATALOG.with(2, new Topic(new TopicId(9, 9), "new", 1, Map.of())));
        topics.answerFirst();

        OffsetDeleteResponseData answer = CoordinatorRig.get(waiting);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.topics()).extracting(OffsetDeleteResponseTopic::name).containsExactly("new", "orders");
        assertThat(node.fetch("readers", 1)).isEqualTo(43);
    }

    private static OffsetDeleteRequestTopic wanted(String topic, int partition) {
        return new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition)));
    }

    private CompletableFuture<OffsetDeleteResponseData> delete(String group, OffsetDeleteRequestTopic... wanted) {
        OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId(group);
        data.topics().addAll(List.of(wanted));
        return handler.handle(CoordinatorRig.request(new OffsetDeleteRequest.Builder(data).build()))
                .map(response -> ((OffsetDeleteResponse) ((KafkaResponse.Answer) response).body()).data())
                .subscribeAsCompletionStage();
    }
}
