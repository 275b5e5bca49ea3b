package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.partition.Entry;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealOptions;
import io.millrace.store.DumpReader;
import io.millrace.store.FileFacts;
import io.millrace.store.FileFacts.SealedState;
import io.millrace.store.FileFacts.SegmentState;
import io.millrace.store.LogInspector;
import io.millrace.store.SealedCheck;
import io.millrace.store.SegmentCheck;
import io.millrace.store.StartForecast;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.SegmentReader.RoundFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What an inspector says of a directory that no process works on, and that it leaves it as it is.
final class LogInspectorTest {

    private static final String FIRST_SEGMENT = "00000000000000000000.segment";

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(5));
    private final StoreRig rig = StoreRig.open(disk);
    private final Topic topic = rig.createTopic("orders", 2);
    private final PartitionId partition = new PartitionId(topic.id(), 1);

    LogInspectorTest() throws IOException {
        // Nothing but the fields' exceptions.
    }

    private static LogInspector inspector(SimulatedDisk of) {
        SimulatedClock clock = new SimulatedClock(1_000_000);
        return new LogInspector(of, clock, clock, new SplittableRandom(1));
    }

    private void append(int batchCount, int valueBytes) {
        for (int i = 0; i < batchCount; i++) {
            rig.append(partition, batch().withValueBytes(valueBytes).build());
        }
    }

    private static <T> Stream<T> only(Class<T> type, List<FileFacts> files) {
        return files.stream().filter(type::isInstance).map(type::cast);
    }

    @Test
    void theListTellsSegmentsCheckpointCleanEndAndLeftoversApart() throws IOException {
        append(12, 40_000);
        rig.execute(new Command.DeleteRecords(partition, 10));
        rig.keepUp();
        rig.store().close();
        disk.create("00000000000009999999.segment.preparing").close();
        disk.create("notes").close();

        List<FileFacts> files = inspector(disk).list();

        assertThat(only(FileFacts.SegmentFile.class, files).map(FileFacts.SegmentFile::state))
                .containsExactly(SegmentState.WRITTEN, SegmentState.PREPARED);
        assertThat(only(FileFacts.CheckpointFile.class, files).findFirst().orElseThrow())
                .returns(1, FileFacts.CheckpointFile::topicCount)
                .returns(2, FileFacts.CheckpointFile::partitionCount);
        assertThat(only(FileFacts.CleanEndFile.class, files)
                        .findFirst()
                        .orElseThrow()
                        .end()
                        .position())
                .isEqualTo(only(FileFacts.SegmentFile.class, files)
                        .findFirst()
                        .orElseThrow()
                        .endPosition());
        assertThat(only(FileFacts.ClusterFile.class, files)).hasSize(1);
        assertThat(only(FileFacts.LeftoverFile.class, files).map(FileFacts::fileName))
                .containsExactly("00000000000000000000.segment.freed", "00000000000009999999.segment.preparing");
        assertThat(only(FileFacts.UnknownFile.class, files).map(FileFacts::fileName))
                .containsExactly("notes");
    }

    @Test
    void everyChecksumOfAWholeLogMatchesAndTheNextStartGoesOn() throws IOException {
        append(20, 30_000);
        SimulatedDisk crashed = disk.afterProcessCrash();
        LogInspector inspector = inspector(crashed);

        long batches = 0;
        for (String name : inspector.segmentNames()) {
            SegmentCheck check = inspector.check(name);
            batches += check.batchCount();
            assertThat(check.unreadable()).isEmpty();
            assertThat(check.badRecord()).isEmpty();
        }

        assertThat(batches).isEqualTo(20);
        assertThat(inspector.forecast()).isInstanceOfSatisfying(StartForecast.Starts.class, starts -> {
            assertThat(starts.end().position()).isEqualTo(rig.store().status().endPosition());
            assertThat(starts.wasClean()).isFalse();
            assertThat(starts.tornBytes()).isZero();
        });
    }

    @Test
    void aTornEndIsForecastAsCutAndLeftAsItIs() throws IOException {
        append(2, 3_000);
        long end = rig.store().status().endPosition();
        disk.loseSector(FIRST_SEGMENT, (int) end - 4096);
        SimulatedDisk crashed = disk.afterProcessCrash();
        var before = crashed.content(FIRST_SEGMENT);

        StartForecast forecast = inspector(crashed).forecast();

        assertThat(forecast).isInstanceOfSatisfying(StartForecast.Starts.class, starts -> {
            assertThat(starts.tornBytes()).isEqualTo(4096);
            assertThat(starts.end().position()).isEqualTo(end - 4096);
        });
        assertThat(crashed.content(FIRST_SEGMENT)).isEqualTo(before);
        assertThat(crashed.count(SimulatedDisk.Operation.WRITE)).isZero();
        assertThat(crashed.count(SimulatedDisk.Operation.DELETE)).isZero();
    }

    @Test
    void damageIsPlacedAtItsRecordAndTheNextStartIsForecastToRefuse() throws IOException {
        append(3, 1_000);
        long end = rig.store().status().endPosition();
        long lastRound = end - 4096;
        disk.flip(FIRST_SEGMENT, (int) lastRound + 200, 4);
        LogInspector inspector = inspector(disk.afterProcessCrash());

        SegmentCheck check = inspector.check(FIRST_SEGMENT);

        assertThat(check.batchCount()).isEqualTo(2);
        assertThat(check.unreadable().orElseThrow().filePosition()).isEqualTo(lastRound + 80);
        assertThat(check.unreadable().orElseThrow().what()).contains("which begins at byte " + lastRound);
        assertThat(inspector.forecast())
                .isInstanceOfSatisfying(
                        StartForecast.Refuses.class,
                        refuses -> assertThat(refuses.what()).contains("no sector of it is missing"));
    }

    @Test
    void aDamagedCheckpointIsListedAsDamaged() throws IOException {
        append(12, 40_000);
        rig.execute(new Command.DeleteRecords(partition, 10));
        rig.keepUp();
        disk.flip("checkpoint", 40, 1);

        List<FileFacts> files = inspector(disk.afterProcessCrash()).list();

        assertThat(only(FileFacts.DamagedFile.class, files))
                .extracting(FileFacts.DamagedFile::fileName, FileFacts.DamagedFile::reason)
                .containsExactly(tuple("checkpoint", "the file's content is damaged"));
    }

    @Test
    void aDumpNamesTheTopicsOfAllBatchesInTheirOrder() throws IOException {
        append(3, 100);
        rig.execute(new Command.DeleteTopic(topic.id()));
        Dumped dumped = new Dumped();

        boolean isWhole = inspector(disk.afterProcessCrash()).dump(dumped);

        assertThat(isWhole).isTrue();
        assertThat(dumped.rounds).isSorted().hasSize(6);
        assertThat(dumped.texts)
                .containsExactly("OwnerStarted", "TopicStored", "orders@0", "orders@1", "orders@2", "TopicDeleted");
    }

    @Test
    void aDumpGoesOnWithTheNextSegmentBehindDamage() throws IOException {
        append(12, 40_000);
        disk.flip(FIRST_SEGMENT, 3 * 4096 + 200, 4);
        Dumped dumped = new Dumped();

        boolean isWhole = inspector(disk.afterProcessCrash()).dump(dumped);

        assertThat(isWhole).isFalse();
        assertThat(dumped.unreadable).containsExactly(FIRST_SEGMENT);
        assertThat(dumped.texts).contains("orders@11").doesNotContain("orders@0");
    }

    @Test
    void sealedFilesAreListedCheckedAndDumped() throws IOException {
        SimulatedDisk sealed = sealed();
        LogInspector inspector = inspector(sealed);
        Dumped dumped = new Dumped();

        boolean isWhole = inspector.dump(dumped);

        assertThat(isWhole).isTrue();
        assertThat(only(FileFacts.SealedFile.class, inspector.list()))
                .isNotEmpty()
                .allMatch(file -> file.state() == SealedState.NAMED);
        for (String name : inspector.sealedNames()) {
            assertThat(inspector.checkSealed(name).checked().orElseThrow().isFooterWhole())
                    .isTrue();
        }
        assertThat(dumped.runs).isNotEmpty();
        assertThat(dumped.texts).contains("orders@0", "orders@11");
        assertThat(inspector.forecast()).isInstanceOf(StartForecast.Starts.class);
    }

    @Test
    void aFlippedByteOfASealedFileIsFoundAtItsRecord() throws IOException {
        SimulatedDisk sealed = sealed();
        String name = inspector(sealed).sealedNames().getFirst();
        sealed.flip(name, 64 + 1_000, 1);

        SealedCheck check = inspector(sealed).checkSealed(name);

        assertThat(check.damage().orElseThrow().filePosition()).isEqualTo(64);
        assertThat(check.checked()).isEmpty();
    }

    @Test
    void aDamagedFooterOfASealedFileIsNoDamageToItsData() throws IOException {
        SimulatedDisk sealed = sealed();
        String name = inspector(sealed).sealedNames().getFirst();
        sealed.flip(name, sealed.content(name).limit() - 1, 1);

        SealedCheck check = inspector(sealed).checkSealed(name);

        assertThat(check.damage()).isEmpty();
        assertThat(check.checked().orElseThrow().isFooterWhole()).isFalse();
        assertThat(inspector(sealed).forecast()).isInstanceOf(StartForecast.Starts.class);
    }

    /// What a killed process left whose first segment was sealed.
    private static SimulatedDisk sealed() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(5));
        SealOptions sealing = new SealOptions(1, 1, 1 << 20, 1 << 20, 1, 10, 1_000, Long.MAX_VALUE, 0);
        StoreRig rig =
                StoreRig.open(disk, StoreRig.smallOptions(sealing, Long.MAX_VALUE), new SimulatedClock(1_000_000), 1);
        PartitionId partition = new PartitionId(rig.createTopic("orders", 2).id(), 1);
        for (int i = 0; i < 12; i++) {
            rig.append(partition, batch().withValueBytes(40_000).build());
        }
        for (int i = 0; i < 20; i++) {
            rig.keepUp();
        }
        return disk.afterProcessCrash();
    }

    private static final class Dumped implements DumpReader {

        private final List<Long> rounds = new ArrayList<>();
        private final List<SealedRun> runs = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private final List<String> unreadable = new ArrayList<>();

        @Override
        public void round(String fileName, RoundFacts round) {
            rounds.add(round.sequence());
        }

        @Override
        public void run(String fileName, SealedRun run) {
            runs.add(run);
        }

        @Override
        public void entry(DumpedEntry dumped, Map<TopicId, String> topicNames) {
            texts.add(
                    dumped.entry() instanceof Entry.BatchAppended appended
                            ? topicNames.get(appended.partitionId().topicId()) + "@" + appended.baseOffset()
                            : dumped.entry().getClass().getSimpleName());
        }

        @Override
        public void unreadable(String fileName, SegmentCheck.Place place) {
            unreadable.add(fileName);
        }
    }
}
