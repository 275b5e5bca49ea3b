package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
import io.millrace.store.Damage;
import io.millrace.store.Damage.Kind;
import io.millrace.store.Damage.LostOffsets;
import io.millrace.store.ScrubOptions;
import io.millrace.store.ScrubStatus;
import io.millrace.store.ScrubStatus.State;
import io.millrace.store.StoreStatus;
import io.millrace.store.WalOptions;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What lies on the disk is compared with what was written there: each damage is told with its place, what it means and
/// what can be done, nothing that is well is, and nothing is changed.
final class ScrubTest {

    private static final SealOptions SEALING =
            new SealOptions(1, 100, 100_000, 150_000, 8_000, 8, 1_000, Long.MAX_VALUE, 10_000);
    private static final int BATCH_COUNT = 40;
    private static final long LARGEST_PIECE_BYTES = 160_000;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(4));
    private final StoreRig rig = StoreRig.open(disk, options(new ScrubOptions(Long.MAX_VALUE, 100)), clock(), 1);
    /// With a sealed file of its own.
    private final PartitionId large =
            new PartitionId(rig.createTopic("large", 1).id(), 0);
    /// These two share one.
    private final Topic small = rig.createTopic("small", 2);

    ScrubTest() throws IOException {
        for (int i = 0; i < BATCH_COUNT; i++) {
            append(large, "large-" + i + "-" + "v".repeat(10_000));
            append(partition(i % 2), "small-" + i + "-" + "s".repeat(500));
        }
        rig.keepUp();
        append(partition(0), "unsealed-0-" + "u".repeat(300));
        append(partition(1), "unsealed-1-" + "u".repeat(300));
        assertThat(sealedFiles()).hasSize(2);
    }

    private static WalOptions options(ScrubOptions scrub) {
        WalOptions small = StoreRig.smallOptions(SEALING, Long.MAX_VALUE);
        return new WalOptions(
                small.segmentBytes(),
                small.recycledSegmentsMax(),
                small.roundBytesMax(),
                small.batchBytesMax(),
                small.queueBytesMax(),
                small.queueCountMax(),
                small.readBytesMax(),
                small.partitionCountMax(),
                small.resourceCountMax(),
                small.defaultPartitionCount(),
                small.replicationFactorMax(),
                small.spareBytesMin(),
                small.producerExpiry(),
                small.retentionCheckInterval(),
                small.checkpointBytes(),
                small.checkpointSliceMax(),
                small.sealing(),
                small.compactionMapBytes(),
                scrub);
    }

    private static SimulatedClock clock() {
        return new SimulatedClock(1_000_000);
    }

    private PartitionId partition(int number) {
        return new PartitionId(small.id(), number);
    }

    private void append(PartitionId partition, String value) {
        assertThat(rig.append(partition, batch().withRecord(1_000, value).build()))
                .isInstanceOf(AppendOutcome.Appended.class);
    }

    private List<String> sealedFiles() {
        return rig.store().status().sealing().files().stream()
                .map(StoreStatus.SealedFileStatus::fileName)
                .toList();
    }

    /// The file that is being written.
    private String lastSegment() {
        return rig.store().status().segments().getLast().fileName();
    }

    private static ScrubStatus scrubbed(StoreRig of) throws IOException {
        assertThat(of.store().scrub().begin()).isTrue();
        return finished(of);
    }

    private static ScrubStatus finished(StoreRig of) {
        while (of.store().scrub().status().state() == State.RUNNING) {
            of.store().scrub().step();
        }
        return of.store().scrub().status();
    }

    /// Where this text lies, in whichever file.
    private int position(String fileName, String text) {
        byte[] content = disk.content(fileName).array();
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at + wanted.length <= content.length; at++) {
            if (ByteBuffer.wrap(content, at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return at;
            }
        }
        throw new AssertionError(text + " is not in " + fileName);
    }

    /// Segments that wait to be used again have the text, too.
    private String sealedFileWith(String text) {
        return sealedFiles().stream()
                .filter(name -> new String(disk.content(name).array(), StandardCharsets.ISO_8859_1).contains(text))
                .findFirst()
                .orElseThrow();
    }

    private Damage onlyDamage() throws IOException {
        ScrubStatus status = scrubbed(rig);
        assertThat(status.damages()).hasSize(1);
        assertThat(status.damageCount()).isOne();
        assertThat(rig.events().damages()).isEqualTo(status.damages());
        return status.damages().getFirst();
    }

    @Test
    void whatIsWellIsReadToItsEndAndChangedNowhere() throws IOException {
        long before = disk.fingerprint();

        ScrubStatus status = scrubbed(rig);

        assertThat(status.state()).isEqualTo(State.FINISHED);
        assertThat(status.filesDone()).isEqualTo(status.filesTotal()).isEqualTo(5);
        assertThat(status.damages()).isEmpty();
        assertThat(status.bytesDone()).isGreaterThan(420_000);
        assertThat(disk.fingerprint()).isEqualTo(before);
        assertThat(rig.events().scrubs()).containsExactly(status);
    }

    @Test
    void aDamagedBatchOfASealedFileIsToldWithItsOffsets() throws IOException {
        String file = sealedFileWith("large-7-");
        disk.flip(file, position(file, "large-7-") + 5_000, 4);

        Damage damage = onlyDamage();

        assertThat(damage.fileName()).isEqualTo(file);
        assertThat(damage.kind()).isEqualTo(Kind.SEALED_BATCHES);
        assertThat(damage.affected()).containsExactly(new LostOffsets(large, 7, 8));
        assertThat(damage.filePosition()).isLessThan(position(file, "large-7-")).isGreaterThan(60_000);
        assertThat(damage.what()).contains("checksum");
        assertThat(damage.advice()).contains("kafka-delete-records");
        assertThatThrownBy(() -> rig.read(large, 7)).isInstanceOf(IOException.class);
    }

    @Test
    void aDamagedBatchOfASegmentIsToldWithItsOffsetsAndItsNeighboursAreNot() throws IOException {
        var first = rig.session()
                .append(partition(0), batch().withRecord(1, "first-in-round").build());
        var second = rig.session()
                .append(partition(1), batch().withRecord(1, "second-in-round").build());
        rig.commitAll();
        assertThat(first.join()).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(second.join()).isInstanceOf(AppendOutcome.Appended.class);
        disk.flip(lastSegment(), position(lastSegment(), "second-in-round"), 1);

        Damage damage = onlyDamage();

        assertThat(damage.fileName()).isEqualTo(lastSegment());
        assertThat(damage.kind()).isEqualTo(Kind.ROUNDS);
        assertThat(damage.affected()).containsExactly(new LostOffsets(partition(1), 21, 22));
        assertThat(damage.advice()).contains("the next start would refuse");
    }

    @Test
    void eachDamageOfASegmentIsToldForItself() throws IOException {
        disk.flip(lastSegment(), position(lastSegment(), "unsealed-0-"), 1);
        disk.flip(lastSegment(), position(lastSegment(), "unsealed-1-"), 1);

        ScrubStatus status = scrubbed(rig);

        assertThat(status.damages())
                .extracting(Damage::affected)
                .containsExactly(
                        List.of(new LostOffsets(partition(0), 20, 21)), List.of(new LostOffsets(partition(1), 20, 21)));
    }

    @Test
    void damageOnTheDiskBeneathWhatMemoryHasIsFound() throws IOException {
        String file = sealedFileWith("large-7-");
        disk.rot(file, position(file, "large-7-"), 4);

        Damage damage = onlyDamage();

        assertThat(damage.affected()).containsExactly(new LostOffsets(large, 7, 8));
        assertThat(rig.read(large, 7)).isNotNull();
    }

    @Test
    void aPlaceThatCannotBeReadIsTold() throws IOException {
        String file = sealedFileWith("large-7-");
        int position = position(file, "large-7-");
        disk.makeUnreadable(file, position, position + 512);

        Damage damage = onlyDamage();

        assertThat(damage.affected()).containsExactly(new LostOffsets(large, 7, 8));
        assertThat(damage.what()).contains("Input/output error");
    }

    @Test
    void aPlaceOfASegmentThatCannotBeReadConcernsTheBatchesThere() throws IOException {
        int position = position(lastSegment(), "unsealed-1-");
        disk.makeUnreadable(lastSegment(), position, position + 512);

        Damage damage = onlyDamage();

        assertThat(damage.kind()).isEqualTo(Kind.ROUNDS);
        assertThat(damage.affected()).containsExactly(new LostOffsets(partition(1), 20, 21));
    }

    @Test
    void aDamagedFooterLosesNothing() throws IOException {
        StoreStatus.SealedFileStatus file =
                rig.store().status().sealing().files().getFirst();
        disk.flip(file.fileName(), disk.content(file.fileName()).limit() - 70, 1);

        Damage damage = onlyDamage();

        assertThat(damage.kind()).isEqualTo(Kind.DERIVED);
        assertThat(damage.affected()).isEmpty();
        assertThat(damage.advice()).contains("No record is lost");
    }

    @Test
    void aFileThatIsGoneOrCutOffIsTold() throws IOException {
        disk.delete(sealedFiles().getFirst());
        disk.truncate(sealedFiles().getLast(), 64);
        disk.truncate("cluster", 30);

        ScrubStatus status = scrubbed(rig);

        assertThat(status.damages()).anySatisfy(damage -> {
            assertThat(damage.fileName()).isEqualTo(sealedFiles().getFirst());
            assertThat(damage.kind()).isEqualTo(Kind.WHOLE_FILE);
        });
        assertThat(status.damages())
                .filteredOn(damage -> damage.fileName().equals(sealedFiles().getLast()))
                .anyMatch(damage -> damage.kind() == Kind.SEALED_BATCHES);
        assertThat(status.damages())
                .filteredOn(damage -> damage.fileName().equals("cluster"))
                .hasSize(1);
    }

    @Test
    void aDamagedCheckpointIsTold() throws IOException {
        disk.flip("checkpoint", 100, 1);

        assertThat(onlyDamage().kind()).isEqualTo(Kind.CHECKPOINT);
    }

    @Test
    void whatIsDeletedMeanwhileIsNoDamage() throws IOException {
        int steps = steps();
        for (int deletedAfter = 0; deletedAfter < steps; deletedAfter++) {
            StoreRig copy =
                    StoreRig.open(disk.afterProcessCrash(), options(new ScrubOptions(Long.MAX_VALUE, 100)), clock(), 1);
            copy.store().scrub().begin();
            for (int i = 0; i < deletedAfter; i++) {
                copy.store().scrub().step();
            }
            copy.execute(new Command.DeleteTopic(small.id()));
            copy.execute(new Command.DeleteRecords(large, BATCH_COUNT));
            copy.keepUp();
            assertThat(copy.events().freedFileCount()).isEqualTo(2);

            assertThat(finished(copy).damages()).isEmpty();
            assertThat(copy.events().damages()).isEmpty();
        }
    }

    private int steps() throws IOException {
        rig.store().scrub().begin();
        int steps = 0;
        while (rig.store().scrub().status().state() == State.RUNNING) {
            rig.store().scrub().step();
            steps++;
        }
        return steps;
    }

    @Test
    void damageInAFileThatIsGoneSinceIsNotToldAnyMore() throws IOException {
        String file = sealedFileWith("large-7-");
        disk.flip(file, position(file, "large-7-"), 4);
        assertThat(onlyDamage().fileName()).isEqualTo(file);

        rig.execute(new Command.DeleteRecords(large, BATCH_COUNT));
        rig.keepUp();

        assertThat(rig.store().scrub().status().damages()).isEmpty();
        assertThat(rig.store().scrub().status().damageCount()).isOne();
    }

    @Test
    void samplesLookAtEverythingInTurn() throws IOException {
        String file = sealedFileWith("large-7-");
        disk.flip(file, position(file, "large-7-"), 4);
        int every = 7;
        List<Integer> found = new ArrayList<>();

        for (int i = 0; i < every; i++) {
            rig.store().scrub().begin(80_000);
            ScrubStatus status = finished(rig);
            assertThat(status.every()).isEqualTo(every);
            assertThat(status.bytesDone()).isLessThan(250_000);
            found.add(status.damageCount());
        }

        assertThat(found).containsOnlyOnce(1).contains(0);
    }

    @Test
    void oneRunsAtATimeAndCanBeCancelled() throws IOException {
        assertThat(rig.store().scrub().status().state()).isEqualTo(State.NONE);
        assertThat(rig.store().scrub().begin()).isTrue();
        rig.store().scrub().step();

        assertThat(rig.store().scrub().begin()).isFalse();
        rig.store().scrub().cancel();
        rig.store().scrub().step();

        ScrubStatus status = rig.store().scrub().status();
        assertThat(status.state()).isEqualTo(State.CANCELLED);
        assertThat(status.filesDone()).isLessThan(status.filesTotal());
        assertThat(rig.store().scrub().begin()).isTrue();
        assertThat(finished(rig).state()).isEqualTo(State.FINISHED);
    }

    @Test
    void whoCancelsNeedNotWaitForTheNextPiece() throws IOException {
        StoreRig slow = StoreRig.open(disk.afterProcessCrash(), options(new ScrubOptions(1, 100)), clock(), 1);
        slow.store().scrub().begin();
        slow.store().scrub().step();
        slow.store().scrub().step();
        assertThat(slow.store().scrub().status().filesDone()).isOne();

        slow.store().scrub().cancel();
        slow.store().scrub().step();

        assertThat(slow.store().scrub().status().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void itReadsNoFasterThanAllowed() throws IOException {
        StoreRig slow = StoreRig.open(disk.afterProcessCrash(), options(new ScrubOptions(100_000, 100)), clock(), 1);
        slow.store().scrub().begin();
        long lead = 0;
        long bytes = 0;

        while (slow.store().scrub().status().state() == State.RUNNING) {
            slow.store().scrub().step();
            lead = Math.max(lead, slow.store().scrub().status().bytesDone() - bytes);
            slow.clock().advance(Duration.ofMillis(10));
            bytes += 1_000;
        }

        assertThat(lead).isBetween(1L, LARGEST_PIECE_BYTES);
        assertThat(bytes).isLessThan(slow.store().scrub().status().bytesDone() + 50_000);
    }

    @Test
    void damagesAreKeptUpToABound() throws IOException {
        StoreRig bounded = StoreRig.open(disk, options(new ScrubOptions(Long.MAX_VALUE, 3)), clock(), 1);
        for (int i = 0; i < 10; i++) {
            String file = sealedFileWith("large-" + i + "-");
            disk.flip(file, position(file, "large-" + i + "-"), 4);
        }

        ScrubStatus status = scrubbed(bounded);

        assertThat(status.damageCount()).isEqualTo(10);
        assertThat(status.damages()).hasSize(3);
        assertThat(bounded.events().damages()).hasSize(3);
    }
}
