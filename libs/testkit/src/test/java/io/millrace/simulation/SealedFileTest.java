package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.TopicId;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealOptions;
import io.millrace.sealed.SealedCursor;
import io.millrace.sealed.SealedFile;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import io.millrace.sealed.SealedFooter;
import io.millrace.sealed.SealedManifest;
import io.millrace.sealed.SealedReader;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// One file with a run of each of two partitions, the second with gaps between its batches.
final class SealedFileTest {

    private static final LogIdentity IDENTITY = new LogIdentity(3, 4);
    private static final String NAME = "00000000000000000001.sealed";
    private static final int BATCH_COUNT = 300;
    private static final int GAP = 5;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(5));
    private final PartitionId whole = new PartitionId(new TopicId(1, 2), 0);
    private final PartitionId holed = new PartitionId(new TopicId(1, 2), 7);
    private final SealedManifest manifest;
    private final List<RecordBatch> batches = new ArrayList<>();

    SealedFileTest() throws IOException {
        SealedFiles files = opened(disk, SealedManifest.empty());
        SealedFileWriter writer = files.create();
        addRun(writer, whole, 1);
        batches.clear();
        addRun(writer, holed, GAP);
        files.add(writer.finish());
        manifest = files.manifestOf(List.of(1L));
    }

    /// Batches of one record, each this many offsets behind the one before; the run ends one gap after the last.
    private void addRun(SealedFileWriter writer, PartitionId partition, int gap) throws IOException {
        writer.startRun(partition, 0);
        for (int i = 0; i < BATCH_COUNT; i++) {
            RecordBatch placed = batch().withRecord(i % 50 == 7 ? 90_000 + i : i, "v".repeat(i))
                    .build()
                    .placedAt((long) gap * (i + 1), 1);
            writer.add(placed, record(partition, placed));
            batches.add(placed);
        }
        writer.endRun((long) gap * (BATCH_COUNT + 2));
    }

    private static ByteBuffer record(PartitionId partition, RecordBatch placed) {
        ByteBuffer body = ByteBuffer.allocate(24 + placed.sizeInBytes());
        EntryCodec.encodePartition(partition, body);
        body.put(placed.buffer()).flip();
        ByteBuffer record = ByteBuffer.allocate(LogRecord.sizeInLog(body.remaining()));
        LogRecord.encode(1, body, record);
        return record.flip();
    }

    private static SealedFiles opened(SimulatedDisk from, SealedManifest manifest) throws IOException {
        SealOptions options = new SealOptions(1, 1, 1_000, 10_000, 2_000, 20, 1_000, 1_000, 10_000);
        return SealedFiles.open(
                from, IDENTITY, manifest, new SealedFiles.Surroundings(options, new SimulatedClock(1_000)));
    }

    private static List<SealedRun> runsOf(SealedFiles files, PartitionId partition) {
        return files.runsLatestFirst().stream()
                .filter(run -> run.partitionId().equals(partition))
                .toList();
    }

    /// The first batch for the offset, from the runs in their order.
    private static Optional<RecordBatch> read(SealedFiles files, PartitionId partition, long offset)
            throws IOException {
        SealedReader reader = new SealedReader(500);
        for (SealedRun run : runsOf(files, partition)) {
            if (run.endOffset() > offset) {
                SealedFile file = Objects.requireNonNull(files.hold(run.fileNumber()));
                List<RecordBatch> found = reader.read(file, run, new SealedReader.Wanted(offset, Long.MAX_VALUE, 1));
                file.release();
                if (!found.isEmpty()) {
                    return Optional.of(found.getFirst());
                }
            }
        }
        return Optional.empty();
    }

    @Test
    void everyOffsetIsAnsweredByTheBatchThatCoversOrFollowsIt() throws IOException {
        SealedFiles files = opened(disk.afterCrash(), manifest);

        for (int offset = 0; offset <= GAP * BATCH_COUNT; offset++) {
            int expected = Math.max(0, (offset + GAP - 1) / GAP - 1);
            assertThat(read(files, holed, offset).orElseThrow().buffer())
                    .isEqualTo(batches.get(expected).buffer());
        }
        assertThat(read(files, holed, GAP * BATCH_COUNT + 1)).isEmpty();
        assertThat(read(files, whole, 1).orElseThrow().baseOffset()).isEqualTo(1);
    }

    /// The batch that does not fit is cut off by the end of the read, and is not read for itself.
    @Test
    void aPageOfTheLargestReadIsReadOnce() throws IOException {
        SealedFiles files = opened(disk, manifest);
        SealedFileWriter writer = files.create();
        writer.startRun(holed, 0);
        for (int i = 0; i < 20; i++) {
            RecordBatch placed =
                    batch().withRecord(i, "v".repeat(100_000)).build().placedAt(i, 1);
            writer.add(placed, record(holed, placed));
        }
        writer.endRun(20);
        files.add(writer.finish());
        SealedRun run = runsOf(files, holed).getFirst();
        SealedFile file = Objects.requireNonNull(files.hold(run.fileNumber()));
        SealedReader reader = new SealedReader(1_000_000);
        SealedReader.Wanted page = new SealedReader.Wanted(0, 20, 1 << 20);
        reader.read(file, run, page);

        int before = disk.readCount();
        List<RecordBatch> found = reader.read(file, run, page);

        assertThat(found).hasSize(10);
        assertThat(disk.readCount() - before).isEqualTo(1);
    }

    @Test
    void aLongRunIsDividedAndTheirPartsAreAdjacent() throws IOException {
        List<SealedRun> runs = runsOf(opened(disk.afterCrash(), manifest), holed);

        assertThat(runs).hasSizeGreaterThan(1);
        for (int i = 1; i < runs.size(); i++) {
            assertThat(runs.get(i).firstOffset()).isEqualTo(runs.get(i - 1).endOffset());
        }
        assertThat(runs.getFirst().firstOffset()).isZero();
        assertThat(runs.getLast().endOffset()).isEqualTo(GAP * (BATCH_COUNT + 2L));
    }

    @Test
    void aWalkOverAllRunsMeetsEveryBatchAndEveryEnd() throws IOException {
        SealedFiles files = opened(disk.afterCrash(), manifest);
        SealedFile file = Objects.requireNonNull(files.hold(1));
        SealedFooter footer = SealedFooter.read(file).orElseThrow();
        SealedCursor cursor = SealedCursor.over(file, footer);
        int records = 0;

        while (cursor.next()) {
            records++;
        }

        assertThat(records).isEqualTo(2 * BATCH_COUNT + footer.runs().size());
    }

    @Test
    void theRunsOfTheLatestFileComeFirst() throws IOException {
        SealedFiles files = opened(disk.afterCrash(), manifest);
        SealedFileWriter writer = files.create();
        addRun(writer, whole, 1);
        files.add(writer.finish());

        assertThat(runsOf(files, whole).getFirst().fileNumber()).isEqualTo(2);
        assertThat(runsOf(files, holed).getFirst().fileNumber()).isEqualTo(1);
    }

    @Test
    void timestampsAreFoundInTheFirstBatchThatHasThem() throws IOException {
        SealedFiles files = opened(disk.afterCrash(), manifest);
        SealedRun run = runsOf(files, holed).getFirst();
        SealedFile file = Objects.requireNonNull(files.hold(run.fileNumber()));
        SealedReader reader = new SealedReader(0);

        assertThat(reader.atTimestamp(file, run, new SealedReader.Since(500, 0, -1)))
                .hasValueSatisfying(found -> assertThat(found.baseOffset()).isEqualTo(GAP * 8));
        assertThat(reader.atTimestamp(file, run, new SealedReader.Since(5, GAP * 7, GAP * 8)))
                .hasValueSatisfying(found -> assertThat(found.baseOffset()).isEqualTo(GAP * 9));
        assertThat(reader.atTimestamp(file, run, new SealedReader.Since(100_000, 0, -1)))
                .isEmpty();
        assertThat(reader.maxTimestamp(file, run, 0)).contains(run.maxTimestamp());
    }

    @Test
    void aFooterThatIsDamagedAnywhereIsMadeAgain() throws IOException {
        int dataEnd = (int) manifest.files().getFirst().dataEnd();
        int size = disk.content(NAME).remaining();
        for (int at = dataEnd; at < size; at += 3) {
            SimulatedDisk damaged = disk.afterProcessCrash();
            damaged.flip(NAME, at, 1 << at % 8);
            SealedFiles files = opened(damaged, manifest);
            assertThat(read(files, holed, GAP * 200).orElseThrow().baseOffset()).isEqualTo(GAP * 200);
        }
        SimulatedDisk cut = disk.afterProcessCrash();
        cut.truncate(NAME, dataEnd + 10);

        assertThat(read(opened(cut, manifest), holed, 11).orElseThrow().baseOffset())
                .isEqualTo(15);
    }

    @Test
    void aDamagedRecordIsAFaultAndNeverData() throws IOException {
        SimulatedDisk damaged = disk.afterProcessCrash();
        damaged.flip(
                NAME, (int) runsOf(opened(disk, manifest), holed).getFirst().filePosition() + 90, 1);
        SealedFiles files = opened(damaged, manifest);

        assertThatThrownBy(() -> read(files, holed, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
        assertThat(read(files, whole, 1)).isPresent();
    }

    @Test
    void aDamagedRecordAndADamagedFooterDoNotStart() {
        SimulatedDisk damaged = disk.afterProcessCrash();
        damaged.flip(NAME, 1_000, 1);
        damaged.flip(NAME, disk.content(NAME).remaining() - 1, 1);

        assertThatThrownBy(() -> opened(damaged, manifest))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(NAME + " at byte ")
                .hasMessageContaining("the footer is damaged, and");
    }

    @Test
    void aFileThatIsMissingOrOfAnotherClusterDoesNotStart() throws IOException {
        SimulatedDisk without = disk.afterProcessCrash();
        without.delete(NAME);
        SimulatedDisk headless = disk.afterProcessCrash();
        headless.flip(NAME, 20, 1);

        assertThatThrownBy(() -> opened(without, manifest)).hasMessageContaining("the sealed file is missing");
        assertThatThrownBy(() -> opened(headless, manifest)).hasMessageContaining("checksum of the file's header");
    }

    @Test
    void whatNoCheckpointNamesIsDeletedAndItsNumberIsNotUsedAgain() throws IOException {
        SealedFiles files = opened(disk, SealedManifest.empty());

        files.deleteUnnamed();

        assertThat(disk.list()).isEmpty();
        assertThat(files.manifestOf(List.of()).nextNumber()).isEqualTo(2);
    }
}
