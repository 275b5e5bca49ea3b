package io.millrace.coordinator.log;

import static io.millrace.coordinator.log.LogUnderTest.SHARD;
import static io.millrace.coordinator.log.LogUnderTest.append;
import static io.millrace.coordinator.log.LogUnderTest.batch;
import static io.millrace.coordinator.log.LogUnderTest.contents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.SimulatedClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is special to slots and folding; what every group log promises is in [GroupLogContract].
final class LocalGroupLogTest {

    private static final GroupLogOptions OPTIONS = options(1 << 20, 4, 16);

    private final SimulatedClock clock = new SimulatedClock(0);
    private final SimulatedGroupStore store = new SimulatedGroupStore();
    private final Deque<Runnable> folds = new ArrayDeque<>();
    private final List<GroupStoreException> foldFailures = new ArrayList<>();
    private final LogUnderTest log = owner(store, OPTIONS);

    private static GroupLogOptions options(int inFlightBytesMax, int foldAfterBatches, int tailBatchesMax) {
        return options(inFlightBytesMax, foldAfterBatches, tailBatchesMax, 1 << 20);
    }

    private static GroupLogOptions options(
            int inFlightBytesMax, int foldAfterBatches, int tailBatchesMax, int tailBytesMax) {
        return new GroupLogOptions(
                inFlightBytesMax,
                foldAfterBatches,
                tailBytesMax / 2,
                tailBatchesMax,
                tailBytesMax,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    private LogUnderTest owner(SimulatedGroupStore of, GroupLogOptions options) {
        return new LogUnderTest(new LocalGroupLog(
                of,
                options,
                new LogClock(clock::nanos),
                LogUnderTest::read,
                new FoldThread(folds::add, foldFailures::add)));
    }

    private LogUnderTest owner(SimulatedGroupStore of) {
        return owner(of, OPTIONS);
    }

    private void fold() {
        while (!folds.isEmpty()) {
            folds.removeFirst().run();
        }
    }

    @Test
    void anEmptyShardBeginsBehindItsFirstBarrier() throws GroupStoreException {
        LoadedShard loaded = log.takeOver();

        assertThat(loaded.nextSequence()).isEqualTo(1);
        assertThat(loaded.tenure().epoch()).isEqualTo(1);
    }

    @Test
    void batchesBecomeDurableInOrderHoweverTheirPutsComplete() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        store.holdPuts();
        append(tenure, "a=1");
        append(tenure, "a=2");
        append(tenure, "a=3");

        assertThat(store.heldPuts()).isEqualTo(3);
        store.completeHeldLastFirst();

        assertThat(log.events()).containsExactly("durable 4");
    }

    @Test
    void afterAFailedPutNothingLaterIsAnswered() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        store.failPuts(Slot.batch(SHARD, 2)::equals);

        append(tenure, "a=2");
        Admission afterwards = append(tenure, "a=3");

        assertThat(log.events()).containsExactly("durable 2", "lost");
        assertThat(afterwards).isInstanceOf(Admission.Resigned.class);
    }

    @Test
    void whatLiesBehindAMissingSlotIsDeletedAndNeverComesBack() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        append(tenure, "a=2");
        append(tenure, "a=3");
        store.drop(Slot.batch(SHARD, 2));

        LoadedShard loaded = owner(store).takeOver();
        append(loaded.tenure(), "b=1");

        assertThat(contents(loaded)).isEqualTo(Map.of("a", "1"));
        assertThat(contents(owner(store).takeOver())).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void aPutThatArrivesOutOfOrderAndThenACrashLoseNothingThatWasAnswered() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        store.holdPuts();
        append(tenure, "a=2");
        append(tenure, "a=3");
        store.completeHeldButFirst();

        LoadedShard loaded = owner(store.copy()).takeOver();

        assertThat(log.events()).containsExactly("durable 2");
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void anOldOwnersLatePutBringsBackWhatItHeldUp() throws GroupStoreException {
        ShardTenure old = log.takeOver().tenure();
        store.holdPuts();
        append(old, "a=1");
        append(old, "a=2");
        store.completeHeldButFirst();
        store.afterNextScan(store::completeHeldLastFirst);

        LoadedShard loaded = owner(store).takeOver();

        assertThat(log.events()).containsExactly("durable 3");
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "2"));
        assertThat(contents(owner(store).takeOver())).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void anOldOwnersPutCollidesWithTheBarrier() throws GroupStoreException {
        ShardTenure old = log.takeOver().tenure();
        append(old, "a=1");
        LogUnderTest other = owner(store);
        ShardTenure owner = other.takeOver().tenure();

        append(old, "a=stale");
        append(owner, "a=2");

        assertThat(log.events()).containsExactly("durable 2", "lost");
        assertThat(other.events()).containsExactly("durable 4");
    }

    @Test
    void anOldOwnersLatePutInAFutureSlotNeverCounts() throws GroupStoreException {
        log.takeOver();
        ShardTenure owner = owner(store).takeOver().tenure();
        append(owner, "a=1");
        store.put(Slot.batch(SHARD, 3), batch(1, "a=stale"));

        LoadedShard loaded = owner(store).takeOver();

        assertThat(contents(loaded)).isEqualTo(Map.of("a", "1"));
        assertThat(loaded.nextSequence()).isEqualTo(4);
    }

    @Test
    void aNewOwnersPutIntoATakenSlotMakesItLoadAgain() throws GroupStoreException {
        log.takeOver();
        LogUnderTest next = owner(store);
        ShardTenure owner = next.takeOver().tenure();
        store.put(Slot.batch(SHARD, 2), batch(1, "a=stale"));

        append(owner, "a=1");
        LoadedShard again = next.takeOver();
        append(again.tenure(), "a=2");

        assertThat(next.events()).containsExactly("lost", "durable 4");
        assertThat(contents(owner(store).takeOver())).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void foldedBatchesAreGoneAndTheirValuesAreThere() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1", "b=1");
        append(tenure, "a=2");
        append(tenure, "b=", "c=1");

        fold();

        assertThat(log.events()).endsWith("folded 4");
        assertThat(store.size(Table.BATCHES)).isZero();
        LoadedShard loaded = owner(store).takeOver();
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "2", "c", "1"));
        assertThat(loaded.entries()).extracting(GroupEntry::sequence).containsExactly(3L, 5L);
        assertThat(loaded.nextSequence()).isEqualTo(7);
    }

    static IntStream everyWriteOfAFold() {
        return IntStream.rangeClosed(0, 9);
    }

    @ParameterizedTest
    @MethodSource("everyWriteOfAFold")
    void aFoldCutOffAnywhereIsRepeatedWithTheSameResult(int writes) throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1", "b=1");
        append(tenure, "a=", "c=1");
        append(tenure, "b=2", "a=2");
        store.allowWrites(writes);

        fold();

        SimulatedGroupStore left = store.copy();
        LogUnderTest next = owner(left);
        LoadedShard loaded = next.takeOver();
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "2", "b", "2", "c", "1"));
        append(loaded.tenure(), "c=");
        append(loaded.tenure(), "d=1");
        append(loaded.tenure(), "d=2");
        fold();
        LoadedShard again = next.takeOver();
        assertThat(contents(again)).isEqualTo(Map.of("a", "2", "b", "2", "d", "2"));
        assertThat(again.entries()).extracting(GroupEntry::sequence).containsExactly(5L, 6L, 10L);
    }

    @ParameterizedTest
    @MethodSource("everyWriteOfAFold")
    void aFoldCutOffAnywhereIsFinishedByTheSameOwner(int writes) throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1", "b=1");
        append(tenure, "a=", "c=1");
        append(tenure, "b=2", "a=2");
        store.allowWrites(writes);
        fold();
        store.allowWrites(Integer.MAX_VALUE);

        append(tenure, "d=1");
        fold();

        assertThat(tenure.status().tailBatches()).isEqualTo(1);
        assertThat(store.size(Table.BATCHES)).isEqualTo(1);
        assertThat(contents(owner(store).takeOver())).isEqualTo(Map.of("a", "2", "b", "2", "c", "1", "d", "1"));
    }

    @Test
    void aFoldThatFailedIsTriedAgainThoughTheTailIsFull() throws GroupStoreException {
        LogUnderTest full = owner(store, options(1 << 20, 2, 3));
        ShardTenure tenure = full.takeOver().tenure();
        store.allowWrites(0);
        append(tenure, "a=1");
        append(tenure, "a=2");
        fold();
        Admission whileItFails = append(tenure, "a=3");
        store.allowWrites(Integer.MAX_VALUE);

        clock.advance(Duration.ofSeconds(10));
        full.log().keepUp();
        fold();

        assertThat(whileItFails).isInstanceOf(Admission.Busy.class);
        assertThat(append(tenure, "a=4")).isEqualTo(new Admission.Accepted(4));
    }

    @Test
    void aFoldThatFailsIsTriedAgainAfterPausesThatGrow() throws GroupStoreException {
        LogUnderTest failing = owner(store, options(1 << 20, 2, 3));
        ShardTenure tenure = failing.takeOver().tenure();
        store.allowWrites(0);
        append(tenure, "a=1");
        fold();

        for (int step = 0; step < 14; step++) {
            clock.advance(Duration.ofMillis(500));
            failing.log().keepUp();
            fold();
        }

        // At once, and 1, 3 and 7 seconds later.
        assertThat(foldFailures).hasSize(4);
    }

    @Test
    void aFormerOwnerDoesNotFold() throws GroupStoreException {
        ShardTenure old = log.takeOver().tenure();
        append(old, "a=1");
        append(old, "a=2");
        append(old, "a=3");
        LoadedShard loaded = owner(store).takeOver();

        folds.removeFirst().run();

        assertThat(log.events()).noneMatch(event -> event.startsWith("folded"));
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "3"));
        assertThat(store.holds(Slot.batch(SHARD, 1))).isTrue();
    }

    @Test
    void appendsAreRefusedWhileTooMuchIsUnfolded() throws GroupStoreException {
        LogUnderTest narrow = owner(store, options(5, 2, 3));
        ShardTenure tenure = narrow.takeOver().tenure();

        append(tenure, "a=1");
        append(tenure, "a=3");
        Admission tailTooLong = append(tenure, "a=4");
        fold();
        Admission afterFold = append(tenure, "a=5");

        assertThat(tailTooLong).isInstanceOf(Admission.Busy.class);
        assertThat(afterFold).isEqualTo(new Admission.Accepted(4));
    }

    @Test
    void appendsAreRefusedWhileTooManyBytesAreUnfolded() throws GroupStoreException {
        LogUnderTest narrow = owner(store, options(1 << 20, 100, 100, 1_000));
        ShardTenure tenure = narrow.takeOver().tenure();
        String large = "a=" + "1".repeat(600);

        Admission first = append(tenure, large);
        Admission overTheBound = append(tenure, large);
        Admission tailTooLarge = append(tenure, "b=1");
        fold();
        Admission afterFold = append(tenure, large);

        assertThat(first).isInstanceOf(Admission.Accepted.class);
        assertThat(overTheBound).isInstanceOf(Admission.Accepted.class);
        assertThat(tailTooLarge).isInstanceOf(Admission.Busy.class);
        assertThat(afterFold).isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void aBatchLargerThanTheBoundIsTakenBehindWhatIsNotYetDueToBeFolded() throws GroupStoreException {
        LogUnderTest narrow = owner(store, options(1 << 20, 100, 100, 1_000));
        ShardTenure tenure = narrow.takeOver().tenure();
        append(tenure, "a=1");

        Admission larger = append(tenure, "b=" + "1".repeat(2_000));

        assertThat(larger).isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void aFoldTakesNoMoreBytesThanItMay() throws GroupStoreException {
        LogUnderTest narrow = owner(store, options(1 << 20, 100, 100, 1_000));
        ShardTenure tenure = narrow.takeOver().tenure();
        append(tenure, "a=" + "1".repeat(450));
        append(tenure, "b=" + "1".repeat(450));

        folds.removeFirst().run();

        assertThat(narrow.events()).contains("folded 2").doesNotContain("folded 3");
    }

    @Test
    void onAFullDiskNothingIsFoldedUntilThereIsSpace() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        append(tenure, "a=2");
        append(tenure, "a=3");
        store.fill();
        store.allowWrites(0);

        fold();
        store.allowWrites(Integer.MAX_VALUE);
        store.makeSpace();
        clock.advance(Duration.ofSeconds(10));
        log.log().keepUp();
        fold();

        assertThat(foldFailures).isEmpty();
        assertThat(store.size(Table.BATCHES)).isZero();
        assertThat(contents(owner(store).takeOver())).isEqualTo(Map.of("a", "3"));
    }

    /// As a store would that brought an older value back.
    @Test
    void aStateOlderThanWhatWasFoldedStopsTheLoad() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        byte[] older = store.get(Slot.state(SHARD)).join().orElseThrow();
        append(tenure, "a=1");
        append(tenure, "a=2");
        append(tenure, "a=3");
        fold();
        store.put(Slot.state(SHARD), older).join();

        assertThatThrownBy(() -> owner(store).takeOver())
                .isInstanceOf(GroupStoreException.class)
                .hasMessageContaining("but an entry has sequence 3");
    }

    @Test
    void appendsAreRefusedOnAFullDiskBeforeAnythingIsLost() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        store.fill();

        Admission whileFull = append(tenure, "a=1");
        store.makeSpace();
        Admission afterwards = append(tenure, "a=2");

        assertThat(whileFull).isInstanceOf(Admission.Busy.class);
        assertThat(afterwards).isEqualTo(new Admission.Accepted(2));
        assertThat(log.events()).containsExactly("durable 2");
    }

    @Test
    void aFlippedBitStopsTheLoadInsteadOfShorteningTheLog() throws GroupStoreException {
        append(log.takeOver().tenure(), "a=1");
        store.flipBit(Slot.batch(SHARD, 1));

        assertThatThrownBy(() -> owner(store).takeOver())
                .isInstanceOf(GroupStoreException.class)
                .hasMessageContaining("checksum");
    }
}
