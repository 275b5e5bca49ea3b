package io.millrace.coordinator.log;

import static io.millrace.coordinator.log.LogUnderTest.SHARD;
import static io.millrace.coordinator.log.LogUnderTest.append;
import static io.millrace.coordinator.log.LogUnderTest.batch;
import static io.millrace.coordinator.log.LogUnderTest.contents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of a group log: a replicated one must pass it, too.
final class LocalGroupLogTest {

    private final SimulatedGroupStore store = new SimulatedGroupStore();
    private final LogUnderTest log = new LogUnderTest(store);

    @Test
    void anEmptyShardBeginsBehindItsFirstBarrier() throws GroupStoreException {
        LoadedShard loaded = log.takeOver();

        assertThat(loaded.entries()).isEmpty();
        assertThat(loaded.nextSequence()).isEqualTo(1);
        assertThat(loaded.tenure().epoch()).isEqualTo(1);
    }

    @Test
    void aReloadSaysWhatWasAppended() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1", "b=1");
        append(tenure, "a=2", "b=");

        LoadedShard again = new LogUnderTest(store.copy()).takeOver();

        assertThat(contents(again)).isEqualTo(Map.of("a", "2@3"));
        assertThat(again.nextSequence()).isEqualTo(6);
        assertThat(again.tenure().epoch()).isEqualTo(2);
    }

    @Test
    void batchesBecomeDurableInOrderHoweverTheirPutsComplete() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        store.holdPuts();
        append(tenure, "a=1");
        append(tenure, "a=2");
        append(tenure, "a=3");

        assertThat(store.heldPuts()).isEqualTo(3);
        assertThat(log.events).isEmpty();
        store.completeHeldLastFirst();

        assertThat(log.events).containsExactly("durable 4");
    }

    @Test
    void afterAFailedPutNothingLaterIsAnswered() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        store.failPuts(Slot.batch(SHARD, 2)::equals);

        append(tenure, "a=2");
        Admission afterwards = append(tenure, "a=3");

        assertThat(log.events).containsExactly("durable 2", "lost");
        assertThat(afterwards).isInstanceOf(Admission.Resigned.class);
    }

    @Test
    void whatLiesBehindAMissingSlotIsDeletedAndNeverComesBack() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        append(tenure, "a=2");
        append(tenure, "a=3");
        store.drop(Slot.batch(SHARD, 2));

        LoadedShard loaded = new LogUnderTest(store).takeOver();
        append(loaded.tenure(), "b=1");

        assertThat(contents(loaded)).isEqualTo(Map.of("a", "1@1"));
        assertThat(contents(new LogUnderTest(store).takeOver())).isEqualTo(Map.of("a", "1@1", "b", "1@3"));
    }

    @Test
    void aPutThatArrivesOutOfOrderAndThenACrashLoseNothingThatWasAnswered() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1");
        store.holdPuts();
        append(tenure, "a=2");
        append(tenure, "a=3");
        store.completeHeldButFirst();

        LoadedShard loaded = new LogUnderTest(store.copy()).takeOver();

        assertThat(log.events).containsExactly("durable 2");
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "1@1"));
    }

    @Test
    void anOldOwnersPutCollidesWithTheBarrierAndItResigns() throws GroupStoreException {
        ShardTenure old = log.takeOver().tenure();
        append(old, "a=1");
        LogUnderTest other = new LogUnderTest(store);
        ShardTenure owner = other.takeOver().tenure();

        append(old, "a=stale");
        append(owner, "a=2");

        assertThat(log.events).containsExactly("durable 2", "lost");
        assertThat(other.events).containsExactly("durable 4");
        assertThat(contents(new LogUnderTest(store).takeOver())).isEqualTo(Map.of("a", "2@3"));
    }

    @Test
    void anOldOwnersLatePutInAFutureSlotNeverCounts() throws GroupStoreException {
        log.takeOver();
        ShardTenure owner = new LogUnderTest(store).takeOver().tenure();
        append(owner, "a=1");
        store.put(Slot.batch(SHARD, 3), batch(1, "a=stale"));

        LoadedShard loaded = new LogUnderTest(store).takeOver();

        assertThat(contents(loaded)).isEqualTo(Map.of("a", "1@2"));
        assertThat(loaded.nextSequence()).isEqualTo(4);
    }

    @Test
    void aNewOwnersPutIntoATakenSlotMakesItLoadAgain() throws GroupStoreException {
        log.takeOver();
        LogUnderTest next = new LogUnderTest(store);
        ShardTenure owner = next.takeOver().tenure();
        store.put(Slot.batch(SHARD, 2), batch(1, "a=stale"));

        append(owner, "a=1");
        LoadedShard again = next.takeOver();
        append(again.tenure(), "a=2");

        assertThat(next.events).containsExactly("lost", "durable 4");
        assertThat(contents(new LogUnderTest(store).takeOver())).isEqualTo(Map.of("a", "2@3"));
    }

    @Test
    void foldedBatchesAreGoneAndTheirValuesAreThere() throws GroupStoreException {
        ShardTenure tenure = log.takeOver().tenure();
        append(tenure, "a=1", "b=1");
        append(tenure, "a=2");
        append(tenure, "b=", "c=1");

        log.fold();

        assertThat(log.events).endsWith("folded 4");
        assertThat(store.size(Table.BATCHES)).isZero();
        LoadedShard loaded = new LogUnderTest(store).takeOver();
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "2@3", "c", "1@5"));
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

        log.fold();

        LogUnderTest next = new LogUnderTest(store.copy());
        LoadedShard loaded = next.takeOver();
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "2@6", "b", "2@5", "c", "1@4"));
        append(loaded.tenure(), "c=");
        append(loaded.tenure(), "d=1");
        append(loaded.tenure(), "d=2");
        next.fold();
        assertThat(contents(next.takeOver())).isEqualTo(Map.of("a", "2@6", "b", "2@5", "d", "2@10"));
    }

    @Test
    void aFormerOwnerDoesNotFold() throws GroupStoreException {
        ShardTenure old = log.takeOver().tenure();
        append(old, "a=1");
        append(old, "a=2");
        append(old, "a=3");
        LoadedShard loaded = new LogUnderTest(store).takeOver();

        log.fold();

        assertThat(log.events).noneMatch(event -> event.startsWith("folded"));
        assertThat(contents(loaded)).isEqualTo(Map.of("a", "3@3"));
        assertThat(store.holds(Slot.batch(SHARD, 1))).isTrue();
    }

    @Test
    void appendsAreRefusedWhileTooMuchIsInFlightOrUnfolded() throws GroupStoreException {
        LogUnderTest narrow = new LogUnderTest(store, new GroupLogOptions(5, 2, 1 << 20, 3));
        ShardTenure tenure = narrow.takeOver().tenure();
        store.holdPuts();

        Admission first = append(tenure, "a=1");
        Admission tooMuchInFlight = append(tenure, "a=2");
        store.completeHeldLastFirst();
        append(tenure, "a=3");
        Admission tailTooLong = append(tenure, "a=4");
        narrow.fold();
        Admission afterFold = append(tenure, "a=5");

        assertThat(first).isEqualTo(new Admission.Accepted(2));
        assertThat(tooMuchInFlight).isInstanceOf(Admission.Busy.class);
        assertThat(tailTooLong).isInstanceOf(Admission.Busy.class);
        assertThat(afterFold).isEqualTo(new Admission.Accepted(4));
    }

    @Test
    void aFlippedBitStopsTheLoadInsteadOfShorteningTheLog() throws GroupStoreException {
        append(log.takeOver().tenure(), "a=1");
        store.flipBit(Slot.batch(SHARD, 1));

        assertThatThrownBy(() -> new LogUnderTest(store).takeOver())
                .isInstanceOf(GroupStoreException.class)
                .hasMessageContaining("checksum");
    }
}
