package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Damage to the bytes of a log that was acknowledged: it is told, or it changes nothing that anybody reads.
final class DamageTest {

    private static final String FIRST_SEGMENT = "00000000000000000000.segment";
    private static final String SECOND_SEGMENT = "00000000000000065536.segment";
    private static final int HEADER_BYTES = 4096;
    private static final int ROUND_BYTES = 4096;
    private static final int ROUND_HEADER_BYTES = 80;
    private static final int PARTITION_BYTES = 24;

    /// Each round of this log fits into 4096 bytes: owner started, topic created, then three batches.
    private static final int ROUND_COUNT = 5;

    private static final int END = HEADER_BYTES + ROUND_COUNT * ROUND_BYTES;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(3));
    private final StoreRig rig = opened(disk);
    private final PartitionId partition =
            new PartitionId(rig.createTopic("t", 1).id(), 0);
    private final List<RecordBatch> acknowledged = new ArrayList<>();

    /// With the smallest segments, since this test opens many logs.
    private static StoreRig opened(SimulatedDisk from) throws IOException {
        return StoreRig.open(from, StoreRig.smallestOptions(), new SimulatedClock(1_000_000), 1);
    }

    DamageTest() throws IOException {
        for (int i = 0; i < 3; i++) {
            // Zeros inside the value: a sector of it is zero although nothing is missing.
            RecordBatch sent = batch().withRecord(1_000 + i, "value " + i + "\0".repeat(1_500) + "end")
                    .build();
            assertThat(rig.append(partition, sent)).isInstanceOf(AppendOutcome.Appended.class);
            acknowledged.add(sent.placedAt(i, 1));
        }
        assertThat(rig.store().status().endPosition()).isEqualTo(END);
    }

    private List<ByteBuffer> batches(StoreRig from) throws IOException {
        ReadOutcome.Batches read = (ReadOutcome.Batches) from.read(partition, 0);
        return read.batches().stream().map(RecordBatch::buffer).toList();
    }

    @Test
    void aFlippedBitInTheLastRoundIsNotCutOff() {
        disk.flip(FIRST_SEGMENT, END - ROUND_BYTES + 200, 4);

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(FIRST_SEGMENT + " at byte " + (END - ROUND_BYTES))
                .hasMessageContaining("no sector of it is missing")
                .hasMessageContaining("Restore the data directory from a copy");
    }

    @Test
    void aRoundWithAMissingSectorAtTheVeryEndIsTorn() throws IOException {
        disk.loseSector(FIRST_SEGMENT, END - ROUND_BYTES);

        StoreRig reopened = opened(disk.afterProcessCrash());

        assertThat(batches(reopened)).hasSize(2);
        assertThat(reopened.store().status().recovery().tornBytes()).isEqualTo(4096);
    }

    @Test
    void aMissingSectorBeforeTheLastRoundIsCorruption() {
        disk.loseSector(FIRST_SEGMENT, END - 2 * ROUND_BYTES);

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("but the log is readable only to round");
    }

    @Test
    void aMissingSectorBeforeACleanEndIsCorruption() throws IOException {
        rig.store().close();
        disk.loseSector(FIRST_SEGMENT, END - ROUND_BYTES);

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("the log was closed at position");
    }

    @Test
    void whatATornRoundLeftCannotComeBack() throws IOException {
        disk.loseSector(FIRST_SEGMENT, END - ROUND_BYTES);
        SimulatedDisk repaired = disk.afterProcessCrash();
        StoreRig reopened = opened(repaired);
        reopened.store().close();

        assertThat(repaired.content(FIRST_SEGMENT).position(END).hasRemaining()).isTrue();
        assertThat(batches(opened(repaired.afterCrash()))).hasSize(2);
    }

    @Test
    void aRoundMissingAtTheEndOfAFullSegmentIsCorruption() throws IOException {
        long lastRound = END;
        while (rig.store().status().segments().size() == 1) {
            lastRound = rig.store().status().endPosition();
            rig.append(partition, batch().withValueBytes(3_000).build());
        }
        for (int sector = 0; sector < ROUND_BYTES; sector += 512) {
            disk.loseSector(FIRST_SEGMENT, (int) lastRound - ROUND_BYTES + sector);
        }

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("so rounds between them are missing");
    }

    @Test
    void aRoundOfAnEarlierUseOfTheSameFileIsNotReplayed() throws IOException {
        // As long as there is room, no further segment is prepared.
        while (rig.store().status().endPosition() + 3 * ROUND_BYTES <= 65_536) {
            rig.append(partition, batch().withValueBytes(3_000).build());
        }
        SimulatedDisk other = disk.afterProcessCrash();
        StoreRig.open(other, StoreRig.smallestOptions(), new SimulatedClock(1_000_000), 2)
                .store()
                .upkeep();
        rig.reopen(disk);
        rig.append(partition, batch().withValueBytes(7_000).build());
        ByteBuffer mixed = disk.content(SECOND_SEGMENT);
        mixed.put(0, other.content(SECOND_SEGMENT), 0, HEADER_BYTES);
        other.overwrite(SECOND_SEGMENT, mixed);

        assertThatThrownBy(() -> opened(other.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("there is neither a round nor unused space");
    }

    @Test
    void aShortFileOrAMissingOneIsCorruption() throws IOException {
        SimulatedDisk shorter = disk.afterProcessCrash();
        shorter.truncate(FIRST_SEGMENT, 50_000);
        SimulatedDisk without = disk.afterProcessCrash();
        without.delete("cluster");

        assertThatThrownBy(() -> opened(shorter)).hasMessageContaining("the file should have 65536 bytes");
        assertThatThrownBy(() -> opened(without)).hasMessageContaining("cluster's id is missing");
    }

    @Test
    void aSegmentOfAnotherClusterIsRefused() throws IOException {
        SimulatedDisk other = new SimulatedDisk(new SplittableRandom(99));
        StoreRig.open(other, StoreRig.smallOptions(), new SimulatedClock(5), 99);
        disk.overwrite("cluster", other.content("cluster"));

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("the segment belongs to cluster");
    }

    @Test
    void aNewerFormatIsRefusedByItsVersion() {
        // The version lies under the header's checksum, so write a header that is valid otherwise.
        ByteBuffer header = disk.content(FIRST_SEGMENT).limit(4096).slice();
        header.putInt(8, 3);
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().limit(4092));
        header.putInt(4092, (int) crc.getValue());
        disk.overwrite(FIRST_SEGMENT, header.rewind());

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .hasMessageContaining("the segment has format version 3, this program reads version 2");
    }

    /// Each is whole, and in a round of its segment.
    @Test
    void recordsThatChangedPlacesAreNotTheRoundThatWasWritten() throws IOException {
        RecordBatch one = batch().withRecord(1, "one").build();
        RecordBatch two = batch().withRecord(1, "two").build();
        CompletableFuture<AppendOutcome> first = rig.session().append(partition, one);
        CompletableFuture<AppendOutcome> second = rig.session().append(partition, two);
        rig.commitAll();
        assertThat(List.of(first, second)).allMatch(answer -> answer.join() instanceof AppendOutcome.Appended);
        int recordBytes = LogRecord.sizeInLog(PARTITION_BYTES + one.sizeInBytes());
        ByteBuffer log = disk.content(FIRST_SEGMENT);
        ByteBuffer records = log.slice(END + ROUND_HEADER_BYTES, 2 * recordBytes);
        ByteBuffer swapped = ByteBuffer.allocate(2 * recordBytes)
                .put(records.slice(recordBytes, recordBytes))
                .put(records.slice(0, recordBytes));
        disk.overwrite(FIRST_SEGMENT, log.put(END + ROUND_HEADER_BYTES, swapped.array()));

        assertThatThrownBy(() -> opened(disk.afterProcessCrash()))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(FIRST_SEGMENT + " at byte " + END);
    }

    @Test
    void aReadOfDamagedBytesIsAFaultAndNeverData() {
        disk.flip(FIRST_SEGMENT, END - ROUND_BYTES + 200, 4);

        assertThatThrownBy(() -> rig.read(partition, 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void whatLiesBeforeDamageIsStillRead() throws IOException {
        disk.flip(FIRST_SEGMENT, END - ROUND_BYTES + 200, 4);

        assertThat(batches(rig)).containsExactly(acknowledged.getFirst().buffer());
        assertThat(rig.read(partition, 1)).isInstanceOf(ReadOutcome.Batches.class);
    }
}
