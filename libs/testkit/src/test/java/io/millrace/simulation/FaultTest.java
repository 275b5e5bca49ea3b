package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.SimulatedDisk.Operation;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FaultTest {

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(5));
    private final StoreRig rig = StoreRig.open(disk);
    private final Topic topic = rig.createTopic("t", 1);
    private final PartitionId partition = new PartitionId(topic.id(), 0);

    FaultTest() throws IOException {}

    @Test
    void afterAFailedForceNothingIsEverAcknowledged() {
        disk.failFrom(Operation.FORCE, 1);
        var inRound = rig.session().append(partition, batch().build());
        rig.store().commitIfDue();
        var later = rig.session().append(partition, batch().build());
        rig.commitAll();

        assertThat(inRound.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(later.join())
                .isInstanceOfSatisfying(
                        AppendOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.STORAGE_FAULT));
        assertThat(rig.events().notes()).contains("poisoned");
        assertThat(rig.store().status().poison())
                .hasValueSatisfying(why -> assertThat(why).contains("force"));
        assertThat(rig.store().watermarks(partition).orElseThrow().highWatermark())
                .isZero();
    }

    @Test
    void afterAFailedWriteNothingIsEverAcknowledged() {
        disk.failFrom(Operation.WRITE, 1);
        var inRound = rig.session().append(partition, batch().withRecords(50).build());
        rig.commitAll();

        assertThat(inRound.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(rig.store().status().poison()).isPresent();
    }

    @Test
    void whatWaitsBehindAFailedRoundIsToldThatItWasNotWritten() {
        disk.failFrom(Operation.FORCE, 1);
        var inRound =
                rig.session().append(partition, batch().withValueBytes(60_000).build());
        var behind =
                rig.session().append(partition, batch().withValueBytes(60_000).build());

        rig.commitAll();

        assertThat(inRound.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(behind.join()).isInstanceOf(AppendOutcome.Refused.class);
    }

    @Test
    void aPoisonedStoreLeavesNoCleanEnd() throws IOException {
        disk.failFrom(Operation.FORCE, 1);
        rig.append(partition, batch().build());
        rig.store().close();

        StoreRig reopened = StoreRig.open(disk.afterCrash());

        assertThat(reopened.store().status().recovery().wasClean()).isFalse();
    }

    @Test
    void aFailureOfUpkeepPoisonsTheStore() {
        fillFirstSegment();
        disk.failFrom(Operation.WRITE, 1);
        rig.store().upkeep();

        rig.store().commitIfDue();

        assertThat(rig.events().notes()).contains("poisoned");
    }

    private void fillFirstSegment() {
        for (int i = 0; i < 3; i++) {
            assertThat(rig.append(partition, batch().withValueBytes(60_000).build()))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    @Test
    void aFullDiskRefusesWritesServesReadsAndRecoversByItself() throws IOException {
        disk.limitCapacity(300 * 1024);
        fillFirstSegment();
        AppendOutcome refused =
                rig.append(partition, batch().withValueBytes(60_000).build());
        rig.store().upkeep();

        assertThat(refused)
                .isInstanceOfSatisfying(
                        AppendOutcome.Refused.class,
                        outcome -> assertThat(outcome.refusal()).isEqualTo(Refusal.DISK_FULL));
        assertThat(rig.read(partition, 2)).isInstanceOf(ReadOutcome.Batches.class);
        assertThat(rig.events().notes()).contains("disk full");
        assertThat(rig.store().status().isDiskFull()).isTrue();

        disk.limitCapacity(Long.MAX_VALUE);
        rig.store().upkeep();

        assertThat(rig.append(partition, batch().withValueBytes(60_000).build()))
                .isEqualTo(new AppendOutcome.Appended(3, 0, -1));
        assertThat(rig.events().notes()).contains("space returned");
    }

    @Test
    void aFullDiskHasSpaceForTheNextCheckpoint() throws IOException {
        SimulatedDisk small = new SimulatedDisk(new SplittableRandom(6));
        StoreRig often = StoreRig.open(
                small, StoreRig.smallOptions(StoreRig.UNSEALED, 100_000), new SimulatedClock(1_000_000), 1);
        PartitionId first = new PartitionId(often.createTopic("many", 300).id(), 0);
        fill(often, first, 8);
        long checkpointBytes = small.content("checkpoint").remaining();

        SimulatedDisk restarted = small.afterProcessCrash();
        StoreRig seldom = StoreRig.open(restarted, StoreRig.smallOptions(), new SimulatedClock(1_000_000), 1);
        fillDisk(small, often, first, checkpointBytes);
        fillDisk(restarted, seldom, first, checkpointBytes);
    }

    private static void fillDisk(SimulatedDisk of, StoreRig rig, PartitionId partition, long checkpointBytes) {
        of.limitCapacity(of.usedBytes() + 4 * 256 * 1024 + checkpointBytes / 2);
        fill(rig, partition, 30);

        assertThat(rig.store().status().isDiskFull()).isTrue();
        assertThat(of.usableBytes()).isGreaterThan(checkpointBytes);
    }

    private static void fill(StoreRig rig, PartitionId partition, int count) {
        for (int i = 0; i < count; i++) {
            rig.append(partition, batch().withValueBytes(60_000).build());
            rig.keepUp();
        }
    }

    @Test
    void onAFullDiskTheRetryOfAnAcknowledgedBatchIsStillADuplicate() {
        rig.append(partition, batch().fromProducer(7).build());
        disk.limitCapacity(300 * 1024);
        fillFirstSegment();

        var answer = rig.session().append(partition, batch().fromProducer(7).build());
        var refused =
                rig.session().append(partition, batch().withValueBytes(60_000).build());
        rig.commitAll();

        assertThat(answer.join()).isEqualTo(new AppendOutcome.Duplicate(0, 0));
        assertThat(refused.join()).isInstanceOf(AppendOutcome.Refused.class);
    }

    @Test
    void onAFullDiskTopicsCanBeDeletedAndTheirSpaceServesNewWrites() throws IOException {
        Topic other = rig.createTopic("other", 1);
        disk.limitCapacity(700 * 1024);
        rig.store().upkeep();
        for (int i = 0; i < 8; i++) {
            rig.append(partition, batch().withValueBytes(60_000).build());
            rig.store().upkeep();
        }
        PartitionId otherPartition = new PartitionId(other.id(), 0);
        assertThat(rig.append(otherPartition, batch().withValueBytes(60_000).build()))
                .isInstanceOf(AppendOutcome.Refused.class);

        assertThat(rig.execute(new Command.DeleteTopic(topic.id())))
                .isEqualTo(new CommandOutcome.TopicDeleted(topic.id()));
        rig.keepUp();

        assertThat(rig.events().notes()).anyMatch(note -> note.startsWith("freed"));
        assertThat(rig.append(otherPartition, batch().withValueBytes(60_000).build()))
                .isEqualTo(new AppendOutcome.Appended(0, 0, -1));
    }

    @Test
    void aStoreOnAFullDiskCanBeStartedAgain() throws IOException {
        disk.limitCapacity(300 * 1024);
        fillFirstSegment();
        rig.append(partition, batch().withValueBytes(60_000).build());

        int ownerEpoch = rig.store().status().ownerEpoch();
        rig.reopen(disk.afterProcessCrash());

        assertThat(rig.store().watermarks(partition).orElseThrow().highWatermark())
                .isEqualTo(3);
        assertThat(rig.store().status().ownerEpoch()).isEqualTo(ownerEpoch + 1);
    }

    @Test
    void onAFullDiskTheReserveIsForWhatFrees() {
        disk.limitCapacity(300 * 1024);
        fillFirstSegment();
        while (rig.append(partition, batch().build()) instanceof AppendOutcome.Appended) {
            // To the reserve.
        }

        assertThat(rig.execute(new Command.CreateTopic("n", 1, 1, Map.of(), Command.Mode.EXECUTE)))
                .isInstanceOfSatisfying(
                        CommandOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.DISK_FULL));
        assertThat(rig.execute(new Command.AlterTopicConfigs(
                        topic.id(),
                        List.of(new Command.ConfigChange("retention.bytes", Command.ConfigChange.Operation.SET, "1")),
                        Command.Mode.EXECUTE)))
                .isInstanceOf(CommandOutcome.TopicStored.class);
        assertThat(rig.execute(new Command.DeleteRecords(partition, 1)))
                .isEqualTo(new CommandOutcome.RecordsDeleted(1));
    }

    @Test
    void aNewLogOnADiskWithoutRoomSaysSo() {
        SimulatedDisk full = new SimulatedDisk(new SplittableRandom(5));
        full.limitCapacity(10 * 1024);

        assertThatThrownBy(() -> StoreRig.open(full))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("full");
    }

    @Test
    void whatIsAcknowledgedAfterAFailedForceSurvivesALossOfPower() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            SimulatedDisk failing = new SimulatedDisk(new SplittableRandom(seed));
            StoreRig store = StoreRig.open(failing);
            PartitionId id = new PartitionId(store.createTopic("t", 1).id(), 0);
            failing.failFrom(Operation.FORCE, 1);
            store.append(id, batch().fromProducer(7).build());

            // The kernel still shows what it could not write, and calls it written.
            SimulatedDisk restarted = failing.afterProcessCrash();
            store.reopen(restarted);
            store.append(id, batch().fromProducer(7).build());
            store.reopen(restarted.afterCrash());

            assertThat(store.store().watermarks(id).orElseThrow().highWatermark())
                    .as("seed " + seed)
                    .isEqualTo(1);
        }
    }

    /// The upkeep thread prepares a segment while the force of the commit thread fails, and then would write the
    /// checkpoint that it finds.
    @Test
    void noCheckpointNamesARoundWhoseForceFailed() throws IOException {
        for (int seed = 0; seed < 10; seed++) {
            SimulatedDisk failing = new SimulatedDisk(new SplittableRandom(seed));
            StoreRig store = StoreRig.open(
                    failing, StoreRig.smallOptions(StoreRig.UNSEALED, 1), new SimulatedClock(1_000_000), 1);
            Topic wide = store.createTopic("t", 100);
            PartitionId id = new PartitionId(wide.id(), 0);
            store.keepUp();
            // So many that the slices of a checkpoint outlast what follows.
            for (int i = 0; i < 100; i++) {
                store.append(new PartitionId(wide.id(), i), batch().build());
            }
            // Writes the last checkpoint, and wants the next.
            store.store().upkeep();
            store.store().upkeep();
            while (store.store().status().preparedSegments() > 0) {
                store.append(id, batch().withValueBytes(60_000).build());
            }
            long acknowledged = store.store().watermarks(id).orElseThrow().highWatermark();

            failing.observe((_, _) -> {
                failing.observe((_, _) -> {});
                failing.failFrom(Operation.FORCE, 1);
                var _ = store.session().append(id, batch().build());
                for (int step = 0; step < 100; step++) {
                    store.store().commitIfDue();
                }
                failing.failFrom(Operation.FORCE, 1_000_000);
            });
            store.store().upkeep();
            store.reopen(failing.afterCrash());

            assertThat(store.events().notes()).contains("poisoned");
            assertThat(store.store().watermarks(id).orElseThrow().highWatermark())
                    .as("seed " + seed)
                    .isGreaterThanOrEqualTo(acknowledged);
        }
    }

    @Test
    void aDiskThatCannotBeReadDoesNotOpen() {
        SimulatedDisk failing = disk.afterProcessCrash();
        failing.failFrom(Operation.FORCE, 1);

        assertThatThrownBy(() -> rig.reopen(failing)).isInstanceOf(IOException.class);
    }
}
