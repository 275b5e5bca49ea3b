package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.Topic;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The log goes on between the slices of a checkpoint, which in these tests have two partitions each.
final class CheckpointTest {

    private static final int PARTITIONS = 6;
    private static final int BATCHES_PER_SEGMENT = 4;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(23));
    private final StoreRig rig =
            StoreRig.open(disk, StoreRig.smallOptions(StoreRig.UNSEALED, 200_000), new SimulatedClock(1_000_000), 1);
    private final Topic topic = rig.createTopic("t", PARTITIONS);

    /// Each partition has a segment of its own.
    CheckpointTest() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            fill(new PartitionId(topic.id(), i), BATCHES_PER_SEGMENT);
        }
        takeFirstSlice();
    }

    private void fill(PartitionId partition, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(rig.append(partition, batch().withValueBytes(60_000).build()))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    private void takeFirstSlice() {
        rig.store().upkeep();
        rig.store().commitIfDue();
        assertThat(rig.store().status().checkpointPosition()).isEmpty();
    }

    private void completeAndCrash() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            rig.store().commitIfDue();
        }
        rig.store().upkeep();
        assertThat(rig.store().status().checkpointPosition()).isPresent();
        rig.reopen(disk.afterCrash());
    }

    private long recordsIn(PartitionId partition) throws IOException {
        long start = rig.store().watermarks(partition).orElseThrow().logStartOffset();
        return ((ReadOutcome.Batches) rig.read(partition, start)).batches().size();
    }

    @Test
    void whatIsAppendedBetweenTheSlicesIsThereOnce() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            fill(new PartitionId(topic.id(), i), 1);
        }

        completeAndCrash();

        for (int i = 0; i < PARTITIONS; i++) {
            assertThat(recordsIn(new PartitionId(topic.id(), i))).isEqualTo(BATCHES_PER_SEGMENT + 1);
        }
    }

    @Test
    void segmentsInWhichTheLastRecordDiesBetweenTheSlicesAreThereUntilTheNextCheckpoint() throws IOException {
        for (int i = 0; i < PARTITIONS; i++) {
            var _ = rig.store().execute(new Command.DeleteRecords(new PartitionId(topic.id(), i), -1));
        }
        rig.store().commitIfDue();

        completeAndCrash();

        assertThat(rig.store().status().segments()).hasSize(PARTITIONS);
        for (int i = 0; i < PARTITIONS; i++) {
            assertThat(rig.store()
                            .watermarks(new PartitionId(topic.id(), i))
                            .orElseThrow()
                            .logStartOffset())
                    .isEqualTo(BATCHES_PER_SEGMENT);
        }
    }

    @Test
    void aTopicThatIsCreatedBetweenTheSlicesIsThere() throws IOException {
        var created = rig.store().execute(new Command.CreateTopic("late", 3, -1, Map.of(), Command.Mode.EXECUTE));
        rig.store().commitIfDue();
        Topic late = rig.store().catalog().topic("late").orElseThrow();
        var appended = rig.session().append(new PartitionId(late.id(), 2), batch().build());
        rig.store().commitIfDue();

        completeAndCrash();

        assertThat(created).isCompleted();
        assertThat(appended).isCompleted();
        assertThat(rig.store().catalog().topic("late")).contains(late);
        assertThat(recordsIn(new PartitionId(late.id(), 2))).isEqualTo(1);
        assertThat(recordsIn(new PartitionId(late.id(), 0))).isZero();
    }

    @Test
    void aTopicThatIsDeletedBetweenTheSlicesIsGone() throws IOException {
        var deleted = rig.store().execute(new Command.DeleteTopic(topic.id()));
        rig.store().commitIfDue();

        completeAndCrash();

        assertThat(deleted).isCompleted();
        assertThat(rig.store().catalog().topics()).isEmpty();
        rig.keepUp();
        assertThat(rig.store().status().segments()).hasSizeLessThan(3);
    }
}
