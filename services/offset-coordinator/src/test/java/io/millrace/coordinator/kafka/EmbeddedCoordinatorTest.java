package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static io.millrace.coordinator.kafka.CoordinatorRig.EMPTY_CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLog;
import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.coordinator.log.TestStores;
import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
                new GroupLogOptions(1 << 20, 4, 1 << 20, 64, 1 << 20, ample, ample),
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
    void whatIsTooLargeForTheFilesFailsItsOwnRequestAndHarmsNobody() {
        String group = "g".repeat(30_000);
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            Errors tooLarge = node.commit(group, Collections.nCopies(10, 1), 41);
            Errors afterwards = node.commit(group, 1, 42);

            assertThat(tooLarge).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
            assertThat(afterwards).isEqualTo(Errors.NONE);
            assertThat(node.fetch(group, 1)).isEqualTo(42);
            assertThat(node.coordinator().phases().values())
                    .extracting(phase -> ((ShardPhase.Serving) phase).epoch())
                    .containsOnly(1);
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

    @Test
    void offsetsOfAGroupWithoutMembersExpireForGood() throws GroupStoreException {
        Map<String, String> oftenLooked = Map.of(
                "offsets.retention.check.interval.ms",
                "20",
                "offsets.retention.minutes",
                Long.toString(Duration.ofDays(7).toMinutes()));
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG, oftenLooked)) {
            node.commit("old", 1, 42);
            node.passTime(Duration.ofDays(6));
            node.commit("young", 1, 43);
            assertThat(node.fetch("old", 1)).isEqualTo(42);

            node.passTime(Duration.ofDays(2));
            while (node.fetch("old", 1) != -1) {
                Thread.onSpinWait();
            }

            assertThat(node.fetch("young", 1)).isEqualTo(43);
        }
        reopen();

        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            assertThat(node.fetch("old", 1)).isEqualTo(-1);
            assertThat(node.fetch("young", 1)).isEqualTo(43);
        }
    }

    @Test
    void aDeletedGroupIsGoneForGood() throws GroupStoreException {
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            node.commit("readers", 1, 42);

            var deleted = new GroupAdmin(node.coordinator(), new HeldDirectory(CATALOG))
                    .delete("readers")
                    .await()
                    .indefinitely();

            assertThat(deleted).isEqualTo(new GroupAnswer.Given<>("readers"));
        }
        reopen();

        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            assertThat(node.fetch("readers", 1)).isEqualTo(-1);
        }
    }

    @Test
    void aGroupHasItsOwnConfigurationUntilThatIsTakenBack() {
        Resource readers = new Resource(Resource.Kind.GROUP, "readers");
        try (CoordinatorRig node = CoordinatorRig.start(log(), CATALOG)) {
            node.coordinator().showCatalog(CATALOG.with(2, readers, Map.of("consumer.heartbeat.interval.ms", "6000")));
            ConsumerGroupHeartbeatResponseData configured = node.join("readers", "member-1");
            ConsumerGroupHeartbeatResponseData other = node.join("others", "member-1");
            node.coordinator().showCatalog(CATALOG.with(3, readers, Map.of()));
            ConsumerGroupHeartbeatResponseData afterwards = node.beat("readers", "member-1", configured.memberEpoch());

            assertThat(configured.heartbeatIntervalMs()).isEqualTo(6000);
            assertThat(other.heartbeatIntervalMs()).isEqualTo(5000);
            assertThat(afterwards.heartbeatIntervalMs()).isEqualTo(5000);
        }
    }

    /// The version of the catalog for which an expression was resolved is in the log, and counts after a restart.
    @Test
    void aTopicThatComesAfterARestartIsFoundByAnExpressionThatWasResolvedBefore() throws GroupStoreException {
        Topic orders = new Topic(CoordinatorRig.ORDERS, "orders", 3, Map.of());
        Topic later = new Topic(new TopicId(9, 9), "orders-later", 1, Map.of());
        int epoch;
        try (CoordinatorRig node = CoordinatorRig.start(log(), Catalog.of("cluster", 1, 1, List.of()))) {
            // Many small steps, so that what is counted from each start would be behind for long.
            for (int version = 2; version < 20; version++) {
                node.coordinator().showCatalog(Catalog.of("cluster", 1, version, List.of()));
            }
            node.coordinator().showCatalog(Catalog.of("cluster", 1, 20, List.of(orders)));
            int joined =
                    node.joinByExpression("readers", "member-1", "orders.*").memberEpoch();
            epoch = node.awaitTopics("readers", "member-1", joined, 1);
        }
        reopen();

        try (CoordinatorRig node = CoordinatorRig.start(log(), Catalog.of("cluster", 1, 20, List.of(orders)))) {
            node.passTime(Duration.ofSeconds(11));
            node.coordinator().showCatalog(Catalog.of("cluster", 1, 21, List.of(orders, later)));

            assertThat(node.awaitTopics("readers", "member-1", epoch, 2)).isGreaterThan(epoch);
        }
    }
}
