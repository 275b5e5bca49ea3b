package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static io.millrace.coordinator.kafka.CoordinatorRig.EMPTY_CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLog;
import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.coordinator.log.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's coordinator on a real store: what was answered is there after a restart.
final class EmbeddedCoordinatorTest {

    @TempDir
    Path directory;

    private GroupLogStore store;

    @BeforeEach
    void open() throws GroupStoreException {
        store = TestStores.open(directory, CoordinatorRig.SHARDS);
    }

    @AfterEach
    void close() throws GroupStoreException {
        store.close();
    }

    private void reopen() throws GroupStoreException {
        store.close();
        open();
    }

    private GroupLog log() {
        Duration ample = Duration.ofSeconds(10);
        return store.log(
                new GroupLogOptions(1 << 20, 4, 1 << 20, 64, ample, ample),
                System::nanoTime,
                EmbeddedCoordinator::readBatch,
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    @Test
    void aCommittedOffsetIsThereAfterARestart() throws GroupStoreException {
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            assertThat(node.commit("readers", 1, 42)).isEqualTo(Errors.NONE);
            assertThat(node.fetch("readers", 1)).isEqualTo(42);
        }
        reopen();

        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            assertThat(node.fetch("readers", 1)).isEqualTo(42);
            assertThat(node.fetch("readers", 2)).isEqualTo(-1);
        }
    }

    @Test
    void aMemberOfAConsumerGroupStaysThroughARestart() throws GroupStoreException {
        ConsumerGroupHeartbeatResponseData joined;
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            joined = node.join("readers", "member-1");
            assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
            assertThat(joined.memberEpoch()).isPositive();
        }
        reopen();

        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            ConsumerGroupHeartbeatResponseData beat = node.beat("readers", "member-1", joined.memberEpoch());

            assertThat(Errors.forCode(beat.errorCode())).isEqualTo(Errors.NONE);
            assertThat(beat.memberEpoch()).isEqualTo(joined.memberEpoch());
        }
    }

    @Test
    void theOffsetsOfADeletedTopicAreDeleted() throws GroupStoreException {
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            node.commit("readers", 1, 42);

            node.coordinator().showCatalog(EMPTY_CATALOG);

            assertThat(node.fetch("readers", 1)).isEqualTo(-1);
        }
        reopen();

        try (CoordinatorRig node = CoordinatorRig.start(log(), EMPTY_CATALOG)) {
            assertThat(node.fetch("readers", 1)).isEqualTo(-1);
        }
    }
}
