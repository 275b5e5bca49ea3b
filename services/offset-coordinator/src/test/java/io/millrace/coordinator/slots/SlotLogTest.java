package io.millrace.coordinator.slots;

import static io.millrace.coordinator.slots.SlotRig.AREA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.SimulatedDisk.Operation;
import io.millrace.wal.CorruptLogException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SlotLogTest {

    private static final String VALUE_OF_1K = "v".repeat(1000);

    private final SplittableRandom random = new SplittableRandom(7);
    private final SlotRig rig = new SlotRig(new SimulatedDisk(random), random);

    SlotLogTest() throws IOException {}

    @Test
    void whatWasAnsweredIsThereAfterTheWorstCrash() throws IOException {
        rig.put("a", "1");
        rig.put("b", "1");
        rig.put(new Area(2, 3), "a", "1");
        rig.log().writeIfDue();
        rig.put("a", "2");
        rig.remove("b");
        rig.log().writeIfDue();

        rig.reopen(rig.disk().afterCrash());

        assertThat(rig.content(AREA)).isEqualTo(Map.of("a", "2"));
        assertThat(rig.log().read(new Area(2, 3), "a"))
                .hasValueSatisfying(value -> assertThat(value).containsExactly('1'));
        assertThat(rig.log().read(new Area(2, 4), "a")).isEmpty();
    }

    @Test
    void nothingIsAnsweredOrSeenBeforeItIsForced() throws IOException {
        SlotRig.Asked put = rig.put("a", "1");

        assertThat(put.done()).isNotDone();
        assertThat(rig.content(AREA)).isEmpty();
        rig.log().writeIfDue();

        assertThat(put.done()).isCompleted();
        assertThat(rig.content(AREA)).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void allThatWaitsSharesOneForce() {
        rig.log().upkeep();
        rig.put("first", "1");
        rig.log().writeIfDue();
        int before = rig.disk().count(Operation.FORCE);

        for (int i = 0; i < 50; i++) {
            rig.put("k" + i, "1");
        }
        int answered = rig.log().writeIfDue();

        assertThat(answered).isEqualTo(50);
        assertThat(rig.disk().count(Operation.FORCE)).isEqualTo(before + 1);
    }

    @Test
    void aLogThatIsChangedForEverStaysSmallAndKeepsWhatLives() throws IOException {
        rig.put("old", "from the beginning");
        for (int i = 0; i < 600; i++) {
            rig.put("k" + i % 20, i + VALUE_OF_1K);
            rig.remove("gone" + i);
            rig.settle();
        }

        assertThat(rig.log().use().bytes()).isLessThan(6L * SlotRig.OPTIONS.segmentBytes());
        assertThat(rig.events).contains("freed 1");
        rig.reopen(rig.disk().afterCrash());
        assertThat(rig.content(AREA))
                .hasSize(21)
                .containsEntry("old", "from the beginning")
                .containsEntry("k19", 599 + VALUE_OF_1K);
    }

    /// The value that compaction carries was read before the newer one came.
    @Test
    void aMovedValueNeverHidesANewerOne() throws IOException {
        rig.put("a", "old");
        rig.put("b", "old");
        rig.log().writeIfDue();
        while (rig.log().use().bytes() < 4L * SlotRig.OPTIONS.segmentBytes()) {
            rig.put("filler", VALUE_OF_1K.repeat(6));
            rig.log().writeIfDue();
        }

        rig.put("a", "newer, before the move");
        rig.log().upkeep();
        rig.put("b", "newer, behind the move");
        rig.log().writeIfDue();

        assertThat(rig.content(AREA))
                .containsEntry("a", "newer, before the move")
                .containsEntry("b", "newer, behind the move");
        rig.reopen(rig.disk().afterCrash());
        assertThat(rig.content(AREA))
                .containsEntry("a", "newer, before the move")
                .containsEntry("b", "newer, behind the move");
    }

    @Test
    void onAFullDiskChangesFailAndGoOnWhenSpaceReturns() throws IOException {
        rig.put("kept", "1");
        rig.settle();
        rig.disk().limitCapacity(4L * SlotRig.OPTIONS.segmentBytes());

        SlotRig.Asked last = rig.put("k", "1");
        for (int i = 0; !last.done().isCompletedExceptionally() && i < 1000; i++) {
            last = rig.put("k" + i, VALUE_OF_1K);
            rig.log().writeIfDue();
            rig.log().upkeep();
        }

        assertThat(last.done()).isCompletedExceptionally();
        assertThat(rig.log().isFull()).isTrue();
        assertThat(rig.events).contains("full").doesNotContain("poisoned");
        assertThat(rig.content(AREA)).containsEntry("kept", "1");
        rig.disk().limitCapacity(Long.MAX_VALUE);
        rig.settle();
        SlotRig.Asked later = rig.put("later", "1");
        rig.settle();
        assertThat(later.done()).isCompleted();
        assertThat(rig.log().isFull()).isFalse();
        assertThat(rig.events).contains("space");
        rig.reopen(rig.disk().afterCrash());
        assertThat(rig.content(AREA)).containsEntry("kept", "1").containsEntry("later", "1");
    }

    /// Sixteen shards are taken over.
    @Test
    void onAFullDiskSmallChangesStillFitWhateverElseIsTried() throws IOException {
        rig.settle();
        rig.disk().limitCapacity(4L * SlotRig.OPTIONS.segmentBytes());
        for (int i = 0; i < 1000; i++) {
            rig.put("k" + i, VALUE_OF_1K);
            rig.log().writeIfDue();
            rig.log().upkeep();
        }
        assertThat(rig.log().isFull()).isTrue();

        List<SlotRig.Asked> states = IntStream.range(0, 16)
                .mapToObj(shard -> rig.put("state " + shard, "epoch 1"))
                .toList();
        rig.log().writeIfDue();

        assertThat(states).allSatisfy(state -> assertThat(state.done()).isCompleted());
        rig.reopen(rig.disk().afterCrash());
        assertThat(rig.content(AREA)).containsEntry("state 15", "epoch 1");
    }

    @Test
    void aFullDiskIsRelievedByCompactionIfWhatLivesFitsIntoWhatIsLeft() throws IOException {
        rig.put("old", "1");
        fillWithoutCompaction();

        rig.settle();

        assertThat(rig.events).contains("freed 1").doesNotContain("poisoned");
        assertThat(rig.log().isFull()).isFalse();
        rig.reopen(rig.disk().afterCrash());
        assertThat(rig.content(AREA)).containsEntry("old", "1");
    }

    @Test
    void onAFullDiskCompactionMovesNothingThatDoesNotFit() throws IOException {
        for (int i = 0; i < 20; i++) {
            rig.put("old" + i, VALUE_OF_1K);
        }
        fillWithoutCompaction();
        long before = rig.log().use().bytes();

        rig.settle();
        long afterwards = rig.log().use().bytes();
        SlotRig.Asked small = rig.put("state", "epoch 1");
        rig.log().writeIfDue();

        assertThat(afterwards).isEqualTo(before);
        assertThat(small.done()).isCompleted();
        assertThat(rig.log().isFull()).isTrue();
    }

    /// Most of the log is dead, and no further segment can be made; there is room for the manifest.
    private void fillWithoutCompaction() {
        while (rig.log().use().bytes() < 5L * SlotRig.OPTIONS.segmentBytes()) {
            rig.put("filler", VALUE_OF_1K);
            rig.log().writeIfDue();
        }
        rig.disk().limitCapacity(rig.disk().usedBytes() + 8_192);
        while (!rig.log().isFull()) {
            rig.put("filler", VALUE_OF_1K);
            rig.log().writeIfDue();
        }
    }

    @Test
    void afterAFailedForceNothingMoreIsAnswered() throws IOException {
        rig.put("a", "1");
        rig.settle();
        rig.disk().failFrom(Operation.FORCE, 1);

        SlotRig.Asked during = rig.put("a", "2");
        rig.log().writeIfDue();
        SlotRig.Asked afterwards = rig.put("a", "3");
        rig.log().writeIfDue();

        assertThat(during.done()).isCompletedExceptionally();
        assertThat(afterwards.done()).isCompletedExceptionally();
        assertThat(rig.events).containsExactly("poisoned");
        assertThat(rig.content(AREA)).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void aValueThatNoSegmentCanHoldIsRefusedAndHarmsNobody() {
        SlotRig.Asked tooLarge = rig.put("a", "v".repeat(SlotRig.OPTIONS.segmentBytes()));
        SlotRig.Asked fits = rig.put("a", "v".repeat(SlotRig.OPTIONS.recordBytesMax() - 100));
        rig.log().writeIfDue();

        assertThat(tooLarge.done()).isCompletedExceptionally();
        assertThat(fits.done()).isCompleted();
    }

    @Test
    void whatWaitsWhenTheLogIsClosedIsWrittenAndWhatComesLaterFails() throws IOException {
        SlotRig.Asked waiting = rig.put("a", "1");

        rig.log().close();

        assertThat(waiting.done()).isCompleted();
        assertThat(rig.put("a", "2").done()).isCompletedExceptionally();
        rig.reopen(rig.disk().afterCrash());
        assertThat(rig.content(AREA)).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void aFlippedBitStopsTheStartInsteadOfShorteningTheLog() throws IOException {
        rig.put("a", "1");
        rig.log().writeIfDue();
        rig.put("a", "2");
        rig.log().writeIfDue();
        SimulatedDisk damaged = rig.disk().afterCrash();
        damaged.flip("00000000000000000000.segment", 4096 + 100, 1);

        assertThatThrownBy(() -> rig.reopen(damaged)).isInstanceOf(CorruptLogException.class);
    }

    @Test
    void segmentsWithoutTheirIdentityAreRefused() throws IOException {
        rig.put("a", "1");
        rig.log().writeIfDue();
        rig.disk().delete("identity");

        assertThatThrownBy(() -> rig.reopen(rig.disk()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("identity");
    }
}
