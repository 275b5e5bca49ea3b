package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static io.millrace.coordinator.kafka.CoordinatorRig.CREATED_AGAIN;
import static io.millrace.coordinator.kafka.CoordinatorRig.EMPTY_CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.MemoryGroupLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GroupAdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MemoryGroupLog.Medium medium = new MemoryGroupLog.Medium();
    private final HeldDirectory topics = new HeldDirectory(CATALOG);
    private final CoordinatorRig node = CoordinatorRig.start(
            new MemoryGroupLog(medium, EmbeddedCoordinator::readBatch, System::nanoTime, PATIENCE),
            CATALOG,
            Map.of("offset.metadata.max.bytes", "10"));
    private final GroupAdmin admin = new GroupAdmin(node.coordinator(), topics);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void offsetsAreSetAllOrNoneAlsoIfTheMetadataOfOneIsTooLong() {
        CommittedOffset fits = new CommittedOffset("orders", 0, 7, "0123456789");
        CommittedOffset tooLong = new CommittedOffset("orders", 1, 8, "0123456789a");

        GroupAnswer<List<CommittedOffset>> refused = reset(List.of(fits, tooLong));
        long afterwards = node.fetch("readers", 0);
        GroupAnswer<List<CommittedOffset>> given = reset(List.of(fits));

        assertThat(refused)
                .isEqualTo(GroupAnswer.refused(
                        Errors.OFFSET_METADATA_TOO_LARGE, Errors.OFFSET_METADATA_TOO_LARGE.message()));
        assertThat(afterwards).isEqualTo(-1);
        assertThat(given).isEqualTo(new GroupAnswer.Given<>(List.of(fits)));
        assertThat(node.fetch("readers", 0)).isEqualTo(7);
    }

    @Test
    void anOffsetFromBeforeADeletionIsNotThatOfTheTopicThatWasCreatedAgain() {
        reset(List.of(new CommittedOffset("orders", 0, 42, ""), new CommittedOffset("orders", 1, 43, "")));
        topics.show(CREATED_AGAIN);

        GroupAnswer<List<CommittedOffset>> former = CoordinatorRig.get(offsets());
        CommittedOffset own = new CommittedOffset("orders", 1, 7, "own");
        reset(List.of(own));

        assertThat(former).isEqualTo(new GroupAnswer.Given<>(List.of()));
        assertThat(CoordinatorRig.get(offsets())).isEqualTo(new GroupAnswer.Given<>(List.of(own)));
    }

    @Test
    void anOffsetOfATopicThatIsGoneIsNotToldAndCanBeDeleted() {
        CommittedOffset kept = new CommittedOffset("orders", 1, 43, "");
        reset(List.of(new CommittedOffset("orders", 0, 42, ""), kept));
        topics.show(EMPTY_CATALOG);

        CompletableFuture<GroupAnswer<List<CommittedOffset>>> told = offsets();
        topics.answerFirst();
        GroupAnswer<List<Integer>> deleted =
                admin.deleteOffsets("readers", "orders", List.of(0)).await().atMost(PATIENCE);

        assertThat(CoordinatorRig.get(told)).isEqualTo(new GroupAnswer.Given<>(List.of()));
        assertThat(deleted).isEqualTo(new GroupAnswer.Given<>(List.of(0)));
        topics.show(CATALOG);
        assertThat(CoordinatorRig.get(offsets())).isEqualTo(new GroupAnswer.Given<>(List.of(kept)));
    }

    @Test
    void offsetsAreNotToldWhileWalStoreDoesNotSayWhetherTheirTopicExists() {
        reset(List.of(new CommittedOffset("orders", 0, 42, "")));
        topics.show(EMPTY_CATALOG);

        CompletableFuture<GroupAnswer<List<CommittedOffset>>> told = offsets();
        topics.fail();

        assertThat(CoordinatorRig.get(told))
                .isEqualTo(GroupAnswer.refused(
                        Errors.COORDINATOR_NOT_AVAILABLE, Errors.COORDINATOR_NOT_AVAILABLE.message()));
    }

    @Test
    void offsetsWaitForACommitThatIsOnItsWayToTheDisk() {
        CommittedOffset offset = new CommittedOffset("orders", 0, 42, "");
        medium.hold();
        CompletableFuture<?> commit =
                admin.reset("readers", List.of(offset), CATALOG::topic).subscribeAsCompletionStage();
        CompletableFuture<GroupAnswer<List<CommittedOffset>>> told = offsets();

        assertThat(told).isNotDone();
        medium.release();

        assertThat(CoordinatorRig.get(told)).isEqualTo(new GroupAnswer.Given<>(List.of(offset)));
        assertThat(commit).isDone();
    }

    /// Of the topics that are shown.
    private GroupAnswer<List<CommittedOffset>> reset(List<CommittedOffset> offsets) {
        return admin.reset("readers", offsets, topics.catalog()::topic).await().atMost(PATIENCE);
    }

    private CompletableFuture<GroupAnswer<List<CommittedOffset>>> offsets() {
        return admin.offsets("readers").subscribeAsCompletionStage();
    }
}
