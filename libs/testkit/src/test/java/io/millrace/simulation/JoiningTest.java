package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.sealed.SealOptions;
import io.millrace.store.StoreStatus;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Many passes over the log leave few runs and few files, and nobody who reads can tell.
final class JoiningTest {

    private static final int PARTITION_COUNT = 5;
    private static final int PASS_COUNT = 300;
    private static final int VALUE_BYTES = 9_000;
    private static final int SEGMENT_BYTES = 256 * 1024;
    /// Each pass takes a segment, and four runs of a partition become one.
    private static final SealOptions SEALING =
            new SealOptions(1, 1, 100_000, 1_000_000, 8_000, 1_000, 4, Long.MAX_VALUE, 10_000);

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(6));
    private final StoreRig rig =
            StoreRig.open(disk, StoreRig.smallOptions(SEALING, 1_000_000), new SimulatedClock(1_700_000_000_000L), 1);
    private final List<PartitionId> partitions = new ArrayList<>();
    /// By the partition's place among them.
    private final List<List<RecordBatch>> sent = new ArrayList<>();

    JoiningTest() throws IOException {
        for (int i = 0; i < PARTITION_COUNT; i++) {
            partitions.add(new PartitionId(rig.createTopic("topic-" + i, 1).id(), 0));
            sent.add(new ArrayList<>());
        }
    }

    /// A segment's worth of batches for all partitions, and a pass over it.
    private void pass(int number) {
        for (int i = 0; i < SEGMENT_BYTES / VALUE_BYTES; i++) {
            int partition = i % PARTITION_COUNT;
            RecordBatch next =
                    batch().withRecord(number, "v".repeat(VALUE_BYTES)).build();
            assertThat(rig.append(partitions.get(partition), next)).isInstanceOf(AppendOutcome.Appended.class);
            sent.get(partition).add(next);
        }
        rig.keepUp();
    }

    private void passes() {
        for (int i = 0; i < PASS_COUNT; i++) {
            pass(i);
        }
    }

    private List<StoreStatus.SealedFileStatus> files() {
        return rig.store().status().sealing().files();
    }

    private int runCount() {
        return files().stream().mapToInt(StoreStatus.SealedFileStatus::runCount).sum();
    }

    private void assertAllIsThere(int partition, int fromOffset) throws IOException {
        List<RecordBatch> expected = sent.get(partition);
        int offset = fromOffset;
        while (offset < expected.size()) {
            ReadOutcome.Batches read = (ReadOutcome.Batches) rig.read(partitions.get(partition), offset);
            assertThat(read.batches()).isNotEmpty();
            for (RecordBatch each : read.batches()) {
                assertThat(each.buffer())
                        .isEqualTo(expected.get(offset)
                                .placedAt(offset, each.leaderEpoch())
                                .buffer());
                offset++;
            }
        }
    }

    @Test
    void manyPassesLeaveFewRunsAndFiles() throws IOException {
        passes();

        assertThat(files()).hasSizeLessThan(PASS_COUNT / 4);
        assertThat(runCount()).isLessThan(PASS_COUNT);
        for (int partition = 0; partition < PARTITION_COUNT; partition++) {
            assertAllIsThere(partition, 0);
        }

        rig.reopen(disk.afterCrash());

        assertThat(runCount()).isLessThan(PASS_COUNT);
        for (int partition = 0; partition < PARTITION_COUNT; partition++) {
            assertAllIsThere(partition, 0);
        }
    }

    @Test
    void whatIsJoinedIsDeletedLikeAnything() throws IOException {
        passes();
        int middle = sent.getFirst().size() / 2;
        long before = rig.store().status().sealing().liveBytes();

        rig.execute(new Command.DeleteRecords(partitions.getFirst(), middle));
        for (PartitionId each : partitions.subList(1, PARTITION_COUNT)) {
            rig.execute(new Command.DeleteTopic(each.topicId()));
        }
        freeAll();

        assertThat(rig.store().status().sealing().liveBytes()).isLessThan(before / 4);
        assertAllIsThere(0, middle);
        rig.reopen(disk.afterCrash());
        assertAllIsThere(0, middle);
    }

    private void freeAll() {
        for (int i = 0; i < 5; i++) {
            rig.keepUp();
        }
    }
}
