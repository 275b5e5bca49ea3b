package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Command;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ReadTest {

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(2));
    private final StoreRig rig = StoreRig.open(disk);
    private final PartitionId partition =
            new PartitionId(rig.createTopic("t", 4).id(), 0);

    ReadTest() throws IOException {}

    // Trap 5: in a shared log a partition's batches are scattered.
    @Test
    void batchesThatLieNearEachOtherAreReadTogether() throws IOException {
        for (int i = 0; i < 400; i++) {
            var _ = rig.session().append(new PartitionId(partition.topicId(), i % 4), batch().build());
        }
        rig.commitAll();
        int before = disk.readCount();

        ReadOutcome.Batches read = (ReadOutcome.Batches) rig.read(partition, 0);

        assertThat(read.batches()).hasSize(100);
        assertThat(disk.readCount() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void everyOffsetIsAnsweredByTheBatchThatCoversIt() throws IOException {
        for (int i = 1; i <= 200; i++) {
            rig.append(partition, batch().withRecords(1 + i % 7).build());
        }
        long end = rig.store().watermarks(partition).orElseThrow().highWatermark();

        for (long offset = 0; offset < end; offset++) {
            List<RecordBatch> batches = ((ReadOutcome.Batches) rig.read(partition, offset)).batches();
            assertThat(batches.getFirst().baseOffset()).isLessThanOrEqualTo(offset);
            assertThat(batches.getFirst().lastOffset()).isGreaterThanOrEqualTo(offset);
            assertThat(batches.getLast().endOffset()).isEqualTo(end);
        }
    }

    @Test
    void timestampsAreFoundAtTheRecord() throws IOException {
        rig.append(partition, batch().withRecord(100, "a").withRecord(300, "b").build());
        rig.append(partition, batch().withRecord(200, "c").build());
        rig.append(partition, batch().withRecord(250, "d").withRecord(400, "e").build());

        assertThat(at(0)).isEqualTo(new OffsetOutcome.Found(0, 100, 1));
        assertThat(at(101)).isEqualTo(new OffsetOutcome.Found(1, 300, 1));
        assertThat(at(301)).isEqualTo(new OffsetOutcome.Found(4, 400, 1));
        assertThat(at(401)).isEqualTo(new OffsetOutcome.NotFound());
        assertThat(rig.store().offset(new OffsetQuery.MaxTimestamp(partition)))
                .isEqualTo(new OffsetOutcome.Found(4, 400, 1));
    }

    private OffsetOutcome at(long timestampMillis) throws IOException {
        return rig.store().offset(new OffsetQuery.AtTimestamp(partition, timestampMillis));
    }

    @Test
    void aRecordBeforeTheLogsStartIsNotFoundByItsTimestamp() throws IOException {
        rig.append(partition, batch().withRecord(500, "a").withRecord(100, "b").build());
        rig.append(partition, batch().withRecord(450, "c").build());
        rig.execute(new Command.DeleteRecords(partition, 1));

        assertThat(at(400)).isEqualTo(new OffsetOutcome.Found(2, 450, 1));
    }

    @Test
    void aRecordBeforeTheLogsStartIsNotFoundByItsTimestampInACompressedBatch() throws IOException {
        rig.append(
                partition,
                batch().withRecord(500, "a")
                        .withRecord(100, "b")
                        .withRecord(300, "c")
                        .compressed(4)
                        .build());
        rig.append(partition, batch().withRecord(450, "d").build());
        rig.execute(new Command.DeleteRecords(partition, 1));

        assertThat(at(400)).isEqualTo(new OffsetOutcome.Found(3, 450, 1));
        assertThat(at(200)).isEqualTo(new OffsetOutcome.Found(2, 300, 1));
    }

    @Test
    void aCompressedBatchIsHandedToTheCaller() throws IOException {
        rig.append(
                partition,
                batch().withRecord(100, "a").withRecord(300, "b").compressed(4).build());

        assertThat(at(200)).isInstanceOfSatisfying(OffsetOutcome.InBatch.class, found -> {
            assertThat(found.fromOffset()).isZero();
            assertThat(found.batch().compressionCode()).isEqualTo(4);
        });
    }

    @Test
    void theEndsOfEpochsAreThoseOfTheOwners() throws IOException {
        rig.append(partition, batch().withRecords(3).build());
        rig.reopen(disk.afterProcessCrash());
        rig.reopen(disk.afterProcessCrash());
        rig.append(partition, batch().withRecords(2).build());

        assertThat(endOf(1)).isEqualTo(new OffsetOutcome.Found(3, -1, 1));
        assertThat(endOf(0)).isEqualTo(new OffsetOutcome.Found(0, -1, 0));
        assertThat(endOf(2)).isEqualTo(new OffsetOutcome.Found(5, -1, 2));
        assertThat(endOf(3)).isEqualTo(new OffsetOutcome.NotFound());
        assertThat(rig.store().offset(new OffsetQuery.Latest(partition, IsolationLevel.READ_COMMITTED)))
                .isEqualTo(new OffsetOutcome.Found(5, -1, 2));
        assertThat(rig.store().offset(new OffsetQuery.Earliest(partition)))
                .isEqualTo(new OffsetOutcome.Found(0, -1, 1));
    }

    private OffsetOutcome endOf(int epoch) throws IOException {
        return rig.store().offset(new OffsetQuery.EndOfEpoch(partition, epoch));
    }
}
