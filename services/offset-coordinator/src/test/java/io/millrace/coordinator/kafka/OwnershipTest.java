package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLog;
import io.millrace.coordinator.log.MemoryGroupLog;
import io.millrace.kafka.wire.KafkaResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// Two coordinators over the same durable groups, as when one was paused (SIGSTOP) and another took over; and one whose
/// log hangs.
final class OwnershipTest {

    private final MemoryGroupLog.Medium medium = new MemoryGroupLog.Medium();

    private GroupLog log(Duration putTimeout) {
        return new MemoryGroupLog(medium, EmbeddedCoordinator::readBatch, System::nanoTime, putTimeout);
    }

    private CoordinatorRig start() {
        return CoordinatorRig.start(log(Duration.ofSeconds(10)), CATALOG);
    }

    @Test
    void whoWasPausedWhileAnotherTookOverDoesNotAnswerFromMemory() {
        try (CoordinatorRig paused = start()) {
            paused.commit("readers", 1, 42);
            ConsumerGroupHeartbeatResponseData joined = paused.join("members", "member-1");
            try (CoordinatorRig owner = start()) {
                assertThat(owner.commit("readers", 1, 43)).isEqualTo(Errors.NONE);

                assertRefused(paused.offsets("readers", 1));
                assertRefused(paused.heartbeat(CoordinatorRig.beatOf("members", "member-1", joined.memberEpoch())));
                assertThat(new GroupAdmin(paused.coordinator(), new HeldDirectory(CATALOG))
                                .offsets("readers")
                                .await()
                                .indefinitely())
                        .isInstanceOf(GroupAnswer.Refused.class);
                assertThat(new GroupAdmin(paused.coordinator(), new HeldDirectory(CATALOG))
                                .list()
                                .await()
                                .indefinitely())
                        .isInstanceOf(GroupAnswer.Refused.class);
                assertThat(owner.fetch("readers", 1)).isEqualTo(43);
            }
        }
    }

    @Test
    void whatAFormerOwnerCommitsIsRefusedAndItLearnsOfItThatWay() {
        try (CoordinatorRig former = start()) {
            former.commit("readers", 1, 42);
            try (CoordinatorRig owner = start()) {
                owner.commit("readers", 1, 43);

                assertThat(former.commit("readers", 1, 41)).isEqualTo(Errors.NOT_COORDINATOR);
                former.awaitServing();

                assertThat(former.fetch("readers", 1)).isEqualTo(43);
                assertRefused(owner.offsets("readers", 1));
            }
        }
    }

    @Test
    void aCommitIntoALogThatHangsFailsWhenTheTimeIsOverAndTheShardIsLoadedAnew() {
        Map<String, String> patient = Map.of("offsets.commit.timeout.ms", "60000");
        try (CoordinatorRig node = CoordinatorRig.start(log(Duration.ofMillis(200)), CATALOG, patient)) {
            node.commit("readers", 1, 42);
            medium.hold();

            assertThat(node.commit("readers", 1, 43)).isEqualTo(Errors.NOT_COORDINATOR);
            medium.release();
            node.awaitServing();

            assertThat(node.fetch("readers", 1)).isEqualTo(42);
            assertThat(node.commit("readers", 1, 44)).isEqualTo(Errors.NONE);
            assertThat(node.fetch("readers", 1)).isEqualTo(44);
        }
    }

    @Test
    void heartbeatsOfOtherShardsGoOnWhileOneHangs() {
        try (CoordinatorRig node = CoordinatorRig.start(log(Duration.ofSeconds(30)), CATALOG)) {
            ConsumerGroupHeartbeatResponseData joined = node.join("members", "member-1");
            medium.hold();
            CompletableFuture<?> hanging = node.groups()
                    .coordinator()
                    .consumerGroupHeartbeat(
                            CoordinatorRig.context(ApiKeys.CONSUMER_GROUP_HEARTBEAT),
                            CoordinatorRig.beatOf(groupInAnotherShard(node), "stranger", 0)
                                    .setRebalanceTimeoutMs(5000)
                                    .setSubscribedTopicNames(List.of("orders"))
                                    .setTopicPartitions(List.of()));

            ConsumerGroupHeartbeatResponseData beat = node.beat("members", "member-1", joined.memberEpoch());

            assertThat(Errors.forCode(beat.errorCode())).isEqualTo(Errors.NONE);
            assertThat(hanging).isNotDone();
            medium.release();
        }
    }

    @Test
    void aListWithoutTheGroupsOfAShardThatCannotBeLoadedIsNoAnswer() {
        medium.damage(2);
        try (CoordinatorRig node = CoordinatorRig.open(log(Duration.ofSeconds(10)), CATALOG, Map.of())) {
            awaitKafkaLists(node);

            assertThat(Errors.forCode(list(node).errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
            medium.repair(2);
            node.awaitServing();
            assertThat(Errors.forCode(list(node).errorCode())).isEqualTo(Errors.NONE);
        }
    }

    /// Kafka's coordinator takes a shard that it does not have for another node's.
    private static void awaitKafkaLists(CoordinatorRig node) {
        while (CoordinatorRig.get(node.groups()
                                .coordinator()
                                .listGroups(CoordinatorRig.context(ApiKeys.LIST_GROUPS), new ListGroupsRequestData()))
                        .errorCode()
                != Errors.NONE.code()) {
            Thread.onSpinWait();
        }
    }

    private static ListGroupsResponseData list(CoordinatorRig node) {
        KafkaResponse answer = new GroupAdminHandlers(node.groups())
                .list(CoordinatorRig.request(new ListGroupsRequest.Builder(new ListGroupsRequestData()).build()))
                .await()
                .indefinitely();
        return ((ListGroupsResponse) ((KafkaResponse.Answer) answer).body()).data();
    }

    private static String groupInAnotherShard(CoordinatorRig node) {
        int taken = node.groups().coordinator().partitionFor("members");
        String group = "other";
        while (node.groups().coordinator().partitionFor(group) == taken) {
            group += "x";
        }
        return group;
    }

    private static void assertRefused(CompletableFuture<?> answer) {
        AbstractThrowableAssert<?, ? extends Throwable> refused =
                Assertions.assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS));
        refused.isInstanceOf(ExecutionException.class).hasCauseInstanceOf(NotCoordinatorException.class);
    }
}
