package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.coordinator.log.TestStores;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
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
    private CoordinatorRig node;

    @BeforeEach
    void open() throws GroupStoreException {
        store = TestStores.open(directory, CoordinatorRig.SHARDS);
        node = CoordinatorRig.start(
                store.log(
                        new GroupLogOptions(1 << 20, 4, 1 << 20, 64, PATIENCE, PATIENCE),
                        System::nanoTime,
                        EmbeddedCoordinator::readBatch,
                        failure -> {
                            throw new AssertionError(failure);
                        }),
                CATALOG);
    }

    @AfterEach
    void close() throws GroupStoreException {
        node.close();
        store.close();
    }

    @Test
    void whatIsWrongWithTheGroupIsToldAlsoIfAllTopicsAreUnknown() {
        OffsetDeleteResponseData answer = delete("", "nowhere", 2);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(answer.topics()).isEmpty();
    }

    @Test
    void aPartitionThatIsUnknownIsToldBesideTheGroupsAnswer() {
        node.commit("readers", 1, 42);

        OffsetDeleteResponseData answer = delete("readers", "orders", 7);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(
                        answer.topics().find("orders").partitions().find(7).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(node.fetch("readers", 1)).isEqualTo(42);
    }

    private OffsetDeleteResponseData delete(String group, String topic, int partition) {
        OffsetDeleteRequestTopic wanted = new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(partition)));
        OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId(group);
        data.topics().add(wanted);
        KafkaResponse response = new OffsetDeleteHandler(node.groups(), new OneCatalog())
                .handle(CoordinatorRig.request(new OffsetDeleteRequest.Builder(data).build()))
                .await()
                .atMost(PATIENCE);
        return ((OffsetDeleteResponse) ((KafkaResponse.Answer) response).body()).data();
    }

    private static final class OneCatalog implements TopicDirectory {
        @Override
        public Catalog catalog() {
            return CATALOG;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Uni<Catalog> ready() {
            return Uni.createFrom().item(CATALOG);
        }

        @Override
        public Uni<Catalog> current() {
            return ready();
        }

        @Override
        public Uni<Optional<Topic>> find(String name) {
            return Uni.createFrom().item(CATALOG.topic(name));
        }

        @Override
        public Uni<Optional<Topic>> find(TopicId id) {
            return Uni.createFrom().item(CATALOG.topic(id));
        }
    }
}
