package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.CorruptLogException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Deleted and truncated data gives its segments back, and what else those segments said survives them.
final class SpaceTest {

    private static final String FIRST_SEGMENT = "00000000000000000000.segment";

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(11));
    private final StoreRig rig = StoreRig.open(disk);
    private final Topic kept = rig.createTopic("kept", 1, Map.of("max.message.bytes", "70000"));
    private final Topic large = rig.createTopic("large", 1);
    private final PartitionId keptPartition = new PartitionId(kept.id(), 0);
    private final PartitionId largePartition = new PartitionId(large.id(), 0);

    SpaceTest() throws IOException {
        rig.execute(new Command.AllocateProducerIds(500));
        rig.append(keptPartition, batch().fromProducer(7).withRecords(2).build());
        fill(largePartition, 8);
        rig.append(keptPartition, batch().fromProducer(7).withSequence(2).build());
    }

    private void fill(PartitionId partition, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(rig.append(partition, batch().withValueBytes(60_000).build()))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    private long segmentCount() {
        return rig.store().status().segments().size();
    }

    @Test
    void aDeletedTopicGivesBackTheSegmentsThatHeldOnlyIt() throws IOException {
        long before = segmentCount();
        assertThat(before).isGreaterThanOrEqualTo(3);

        rig.execute(new Command.DeleteTopic(large.id()));
        rig.keepUp();

        assertThat(segmentCount()).isEqualTo(before - 1);
        assertThat(disk.list()).contains(FIRST_SEGMENT);
        assertKeptIsWhole();
        rig.reopen(disk.afterCrash());
        assertKeptIsWhole();
        assertThat(rig.store().catalog().topic("large")).isEmpty();
    }

    @Test
    void theStateThatFreedSegmentsCarriedSurvivesThem() throws IOException {
        rig.execute(new Command.DeleteTopic(large.id()));
        rig.execute(new Command.DeleteRecords(keptPartition, -1));
        fill(new PartitionId(rig.createTopic("filler", 1).id(), 0), 4);
        rig.keepUp();

        assertThat(disk.list()).doesNotContain(FIRST_SEGMENT);
        rig.reopen(disk.afterCrash());

        assertThat(rig.store().catalog().topic("kept")).contains(kept);
        assertThat(rig.store().watermarks(keptPartition)).hasValueSatisfying(watermarks -> {
            assertThat(watermarks.logStartOffset()).isEqualTo(3);
            assertThat(watermarks.highWatermark()).isEqualTo(3);
        });
        assertThat(rig.append(
                        keptPartition, batch().fromProducer(7).withSequence(2).build()))
                .isEqualTo(new AppendOutcome.Duplicate(2, 3));
        assertThat(rig.append(
                        keptPartition, batch().fromProducer(7).withSequence(3).build()))
                .isEqualTo(new AppendOutcome.Appended(3, 3, -1));
        assertThat(rig.execute(new Command.AllocateProducerIds(1))).isEqualTo(new CommandOutcome.ProducerIds(500, 1));
        assertThat(rig.store().offset(new OffsetQuery.EndOfEpoch(keptPartition, 1)))
                .isEqualTo(new OffsetOutcome.Found(3, -1, 1));
    }

    @Test
    void deletedRecordsAreOutOfRangeAndTheStartNeverGoesBack() throws IOException {
        assertThat(rig.execute(new Command.DeleteRecords(keptPartition, 1)))
                .isEqualTo(new CommandOutcome.RecordsDeleted(1));
        assertThat(rig.execute(new Command.DeleteRecords(keptPartition, 0)))
                .isEqualTo(new CommandOutcome.RecordsDeleted(1));
        assertThat(rig.execute(new Command.DeleteRecords(keptPartition, 4)))
                .isInstanceOfSatisfying(
                        CommandOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.OFFSET_OUT_OF_RANGE));

        rig.reopen(disk.afterCrash());

        assertThat(rig.read(keptPartition, 0)).isInstanceOf(ReadOutcome.OutOfRange.class);
        ReadOutcome.Batches covering = (ReadOutcome.Batches) rig.read(keptPartition, 1);
        assertThat(covering.batches().getFirst().baseOffset()).isZero();
    }

    @Test
    void aSegmentThatTheCheckpointNamesMustBeThere() throws IOException {
        rig.execute(new Command.DeleteTopic(large.id()));
        rig.keepUp();
        SimulatedDisk without = disk.afterProcessCrash();
        without.delete(FIRST_SEGMENT);

        assertThatThrownBy(() -> rig.reopen(without))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(FIRST_SEGMENT)
                .hasMessageContaining("missing");
    }

    @Test
    void aDamagedCheckpointDoesNotStart() throws IOException {
        rig.execute(new Command.DeleteTopic(large.id()));
        rig.keepUp();
        disk.flip("checkpoint", 40, 1);

        assertThatThrownBy(() -> rig.reopen(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("checkpoint at byte 24: the file's content is damaged");
    }

    @Test
    void livingBytesAreCountedTheSameAfterARestart() throws IOException {
        List<Long> before = liveBytes();

        rig.reopen(disk.afterProcessCrash());

        assertThat(liveBytes()).isEqualTo(before);
        rig.execute(new Command.DeleteTopic(large.id()));
        assertThat(liveBytes().get(1)).isZero();
    }

    private List<Long> liveBytes() {
        return rig.store().status().segments().stream()
                .map(segment -> segment.liveBytes())
                .toList();
    }

    private void assertKeptIsWhole() throws IOException {
        ReadOutcome.Batches read = (ReadOutcome.Batches) rig.read(keptPartition, 0);
        assertThat(read.batches()).hasSize(2);
        assertThat(read.batches().getLast().baseOffset()).isEqualTo(2);
    }
}
