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
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
import io.millrace.store.StoreStatus;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.CorruptLogException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Segments become files sorted by partition, and nobody who reads can tell.
final class SealingTest {

    private static final String FIRST_SEGMENT = "00000000000000000000.segment";
    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final SealOptions SEALING =
            new SealOptions(2, 100, 200_000, 150_000, 8_000, 8, 1_000, Long.MAX_VALUE, 10_000);
    /// One partition with a file of its own, and three that share one.
    private static final int SMALL_COUNT = 3;

    private static final int BATCH_COUNT = 60;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(4));
    private final StoreRig rig = opened(disk, SEALING);
    private final PartitionId large =
            new PartitionId(rig.createTopic("large", 1).id(), 0);
    private final List<Topic> small = new ArrayList<>();
    private final List<RecordBatch> sent = new ArrayList<>();

    SealingTest() throws IOException {
        for (int i = 0; i < SMALL_COUNT; i++) {
            small.add(rig.createTopic("small-" + i, 1));
        }
        for (int i = 0; i < BATCH_COUNT; i++) {
            RecordBatch next = batch().withRecord(i == 20 ? 5_000 : i, "v".repeat(10_000 + i))
                    .build();
            append(large, next);
            sent.add(next);
            append(
                    partition(i % SMALL_COUNT),
                    batch().withRecord(i, "s".repeat(1_000)).build());
        }
    }

    private static StoreRig opened(SimulatedDisk from, SealOptions sealing) throws IOException {
        return StoreRig.open(from, StoreRig.smallOptions(sealing, Long.MAX_VALUE), new SimulatedClock(1_000_000), 1);
    }

    private PartitionId partition(int topic) {
        return new PartitionId(small.get(topic).id(), 0);
    }

    private void append(PartitionId partition, RecordBatch batch) {
        assertThat(rig.append(partition, batch)).isInstanceOf(AppendOutcome.Appended.class);
    }

    private static StoreStatus.SealingStatus sealing(StoreRig store) {
        return store.store().status().sealing();
    }

    private void assertAllIsThere(StoreRig store) throws IOException {
        for (int offset = 0; offset < BATCH_COUNT; offset++) {
            ReadOutcome read = store.store().read(new ReadRequest(large, offset, 1));
            assertThat(((ReadOutcome.Batches) read).batches().getFirst().buffer())
                    .isEqualTo(sent.get(offset).placedAt(offset, 1).buffer());
        }
        for (int i = 0; i < SMALL_COUNT; i++) {
            assertThat(countOf(store, partition(i))).isEqualTo(BATCH_COUNT / SMALL_COUNT);
        }
    }

    private static int countOf(StoreRig store, PartitionId partition) throws IOException {
        int count = 0;
        long next = store.store().watermarks(partition).orElseThrow().logStartOffset();
        List<RecordBatch> batches = batches(store, partition, next);
        while (!batches.isEmpty()) {
            count += batches.size();
            batches = batches(store, partition, batches.getLast().endOffset());
        }
        return count;
    }

    private static List<RecordBatch> batches(StoreRig store, PartitionId partition, long from) throws IOException {
        return ((ReadOutcome.Batches) store.read(partition, from)).batches();
    }

    @Test
    void fullSegmentsAreSealedAndFreed() throws IOException {
        int before = rig.store().status().segments().size();

        rig.keepUp();

        assertThat(rig.store().status().segments()).hasSizeLessThan(before).hasSize(1);
        assertThat(sealing(rig).files()).hasSize(2);
        assertThat(sealing(rig).liveBytes()).isGreaterThan(500_000);
        assertThat(disk.list()).doesNotContain(FIRST_SEGMENT);
        assertAllIsThere(rig);
    }

    @Test
    void aStartReadsFootersAndTheTailOnly() throws IOException {
        rig.keepUp();
        long inLog = rig.store().status().endPosition();

        rig.reopen(disk.afterCrash());

        assertThat(rig.store().status().recovery().bytes()).isLessThan(inLog / 2);
        assertThat(sealing(rig).files()).hasSize(2);
        assertAllIsThere(rig);
        assertThat(rig.append(large, batch().build())).isEqualTo(new AppendOutcome.Appended(BATCH_COUNT, 0, -1));
    }

    @Test
    void aPassThatWasCutOffLeavesNothing() throws IOException {
        for (int i = 0; i < 3; i++) {
            rig.store().upkeep();
        }
        assertThat(disk.list()).anyMatch(name -> name.contains(".sealed"));
        SimulatedDisk left = disk.afterProcessCrash();

        rig.reopen(left);

        assertThat(left.list()).noneMatch(name -> name.contains(".sealed"));
        assertAllIsThere(rig);
    }

    @Test
    void timestampsAreFoundWhereverTheirBatchesAre() throws IOException {
        rig.keepUp();

        for (int i = 21; i < BATCH_COUNT; i++) {
            assertThat(rig.store().offset(new OffsetQuery.AtTimestamp(large, i)))
                    .isEqualTo(new OffsetOutcome.Found(20, 5_000, 1));
        }
        assertThat(rig.store().offset(new OffsetQuery.AtTimestamp(large, 7)))
                .isEqualTo(new OffsetOutcome.Found(7, 7, 1));
        assertThat(rig.store().offset(new OffsetQuery.MaxTimestamp(large)))
                .isEqualTo(new OffsetOutcome.Found(20, 5_000, 1));
        rig.execute(new Command.DeleteRecords(large, 21));
        assertThat(rig.store().offset(new OffsetQuery.AtTimestamp(large, 7)))
                .isEqualTo(new OffsetOutcome.Found(21, 21, 1));
        assertThat(rig.store().offset(new OffsetQuery.MaxTimestamp(large)))
                .isEqualTo(new OffsetOutcome.Found(BATCH_COUNT - 1, BATCH_COUNT - 1, 1));
    }

    @Test
    void aFileInWhichNothingLivesIsDeleted() throws IOException {
        rig.keepUp();

        rig.execute(new Command.DeleteTopic(large.topicId()));
        rig.keepUp();

        assertThat(sealing(rig).files()).hasSize(1);
        assertThat(disk.list().stream().filter(name -> name.endsWith(".sealed")))
                .hasSize(1);
        rig.reopen(disk.afterCrash());
        assertThat(countOf(rig, partition(0))).isEqualTo(BATCH_COUNT / SMALL_COUNT);
    }

    @Test
    void aSharedFileThatIsMostlyDeadIsWrittenAgain() throws IOException {
        rig.keepUp();
        long before = sealing(rig).files().getLast().bytes();

        rig.execute(new Command.DeleteTopic(small.get(0).id()));
        rig.execute(new Command.DeleteTopic(small.get(1).id()));
        rig.keepUp();

        assertThat(sealing(rig).files().getLast().bytes()).isLessThan(before / 2);
        assertThat(sealing(rig).files()).hasSize(2);
        assertThat(countOf(rig, partition(2))).isEqualTo(BATCH_COUNT / SMALL_COUNT);
        rig.reopen(disk.afterCrash());
        assertThat(countOf(rig, partition(2))).isEqualTo(BATCH_COUNT / SMALL_COUNT);
    }

    @Test
    void deletedRecordsAreOutOfRangeAndTheirRunsAreGone() throws IOException {
        rig.keepUp();
        long before = sealing(rig).liveBytes();

        assertThat(rig.execute(new Command.DeleteRecords(large, 40))).isEqualTo(new CommandOutcome.RecordsDeleted(40));

        assertThat(sealing(rig).liveBytes()).isLessThan(before);
        assertThat(rig.read(large, 39)).isInstanceOf(ReadOutcome.OutOfRange.class);
        assertThat(batches(rig, large, 40).getFirst().baseOffset()).isEqualTo(40);
        rig.reopen(disk.afterCrash());
        assertThat(countOf(rig, large)).isEqualTo(BATCH_COUNT - 40);
    }

    @Test
    void batchesThatAreDeletedWhileTheyAreCopiedStayDeleted() throws IOException {
        for (int i = 0; i < 3; i++) {
            rig.store().upkeep();
        }

        rig.execute(new Command.DeleteRecords(large, 50));
        rig.execute(new Command.DeleteTopic(small.get(1).id()));
        rig.keepUp();

        assertThat(countOf(rig, large)).isEqualTo(BATCH_COUNT - 50);
        assertThat(countOf(rig, partition(2))).isEqualTo(BATCH_COUNT / SMALL_COUNT);
        rig.reopen(disk.afterCrash());
        assertThat(countOf(rig, large)).isEqualTo(BATCH_COUNT - 50);
    }

    @Test
    void aMissingFileAndALostRunDoNotStart() {
        rig.keepUp();
        SimulatedDisk without = disk.afterProcessCrash();
        String name = sealing(rig).files().getFirst().fileName();
        without.truncate(name, 0);

        assertThatThrownBy(() -> rig.reopen(without))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aDamagedFooterIsMadeAgainAtTheStart() throws IOException {
        rig.keepUp();
        SimulatedDisk damaged = disk.afterProcessCrash();
        StoreStatus.SealedFileStatus file = sealing(rig).files().getFirst();
        damaged.flip(file.fileName(), (int) file.bytes() + 100, 1);

        rig.reopen(damaged);

        assertAllIsThere(rig);
    }

    @Test
    void whatLiesBeforeDamageInASealedFileIsStillRead() throws IOException {
        rig.keepUp();
        String file = sealing(rig).files().getFirst().fileName();
        disk.flip(file, 75_000, 1);

        for (int offset = 0; offset < BATCH_COUNT; offset++) {
            int at = offset;
            if (offset == 7) {
                assertThatThrownBy(() -> rig.read(large, at)).hasMessageContaining("checksum");
            } else {
                assertThat(batches(rig, large, at).getFirst().baseOffset()).isEqualTo(at);
            }
        }
    }

    @Test
    void damageInASegmentStopsSealingAndNothingElse() throws IOException {
        disk.flip(FIRST_SEGMENT, 60_000, 1);

        rig.keepUp();

        assertThat(sealing(rig).failure()).isPresent();
        assertThat(rig.events().notes()).containsOnlyOnce("sealing stopped");
        assertThat(sealing(rig).files()).isEmpty();
        assertThat(disk.list()).contains(FIRST_SEGMENT).noneMatch(name -> name.contains(".sealed"));
        append(large, batch().build());
        assertThat(batches(rig, large, 50).getLast().baseOffset()).isEqualTo(BATCH_COUNT);
    }

    @Test
    void sealingGoesOnOnceTheDamageIsDeleted() throws IOException {
        disk.flip(FIRST_SEGMENT, 60_000, 1);
        rig.keepUp();
        long damaged = 0;
        while (isReadable(large, damaged)) {
            damaged++;
        }

        rig.execute(new Command.DeleteRecords(large, damaged));
        rig.keepUp();
        assertThat(sealing(rig).failure()).isPresent();
        rig.execute(new Command.DeleteRecords(large, damaged + 1));
        rig.keepUp();

        assertThat(damaged).isBetween(1L, 10L);
        assertThat(sealing(rig).failure()).isEmpty();
        assertThat(disk.list()).doesNotContain(FIRST_SEGMENT);
        assertThat(countOf(rig, large)).isEqualTo(BATCH_COUNT - (int) damaged - 1);
        rig.reopen(disk.afterCrash());
        assertThat(countOf(rig, large)).isEqualTo(BATCH_COUNT - (int) damaged - 1);
    }

    private boolean isReadable(PartitionId partition, long offset) {
        try {
            return rig.read(partition, offset) instanceof ReadOutcome.Batches;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aPassWaitsForSpaceAndWritesGoOn() throws IOException {
        disk.limitCapacity(disk.usedBytes() + 300_000);

        rig.keepUp();

        assertThat(sealing(rig).files()).isEmpty();
        append(large, batch().build());
        disk.limitCapacity(Long.MAX_VALUE);
        rig.keepUp();
        assertThat(sealing(rig).files()).hasSize(2);
    }

    @Test
    void aPassTakesNoMoreThanThereIsSpaceFor() throws IOException {
        disk.limitCapacity(disk.usedBytes() + 2 * SEGMENT_BYTES + 50_000);

        rig.keepUp();

        assertThat(disk.list()).doesNotContain(FIRST_SEGMENT);
        assertThat(rig.store().status().segments()).hasSizeGreaterThan(1);
        assertAllIsThere(rig);
    }

    @Test
    void aFailedForceOfASealedFilePoisonsTheStore() {
        disk.failFrom(SimulatedDisk.Operation.FORCE, 2);

        rig.keepUp();

        assertThat(rig.store().status().poison()).isPresent();
        assertThat(rig.append(large, batch().build())).isInstanceOf(AppendOutcome.Refused.class);
        assertThat(disk.list()).contains(FIRST_SEGMENT);
    }

    @Test
    void sealingCopiesNoFasterThanAllowed() throws IOException {
        SealOptions slow = new SealOptions(2, 100, 200_000, 150_000, 8_000, 8, 1_000, 100_000, 10_000);
        StoreRig throttled = opened(disk.afterProcessCrash(), slow);

        throttled.keepUp();
        long before = sealing(throttled).passBytesDone();
        throttled.clock().advance(Duration.ofSeconds(60));
        throttled.keepUp();

        assertThat(before).isPositive();
        assertThat(sealing(throttled).passBytesTotal()).isGreaterThan(before);
        assertThat(sealing(throttled).files()).isEmpty();
        for (int i = 0; i < 10; i++) {
            throttled.clock().advance(Duration.ofSeconds(60));
            throttled.keepUp();
        }
        assertThat(sealing(throttled).files()).hasSize(2);
    }

    @Test
    void aCheckpointComesAfterSoManyBytes() throws IOException {
        StoreRig often = StoreRig.open(
                disk.afterProcessCrash(),
                StoreRig.smallOptions(StoreRig.UNSEALED, 100_000),
                new SimulatedClock(1_000_000),
                1);

        often.keepUp();
        long first = often.store().status().checkpointPosition().orElseThrow();
        for (int i = 0; i < 4; i++) {
            often.append(large, batch().withValueBytes(50_000).build());
        }
        often.keepUp();

        assertThat(often.store().status().checkpointPosition().orElseThrow()).isGreaterThan(first + 100_000);
    }
}
