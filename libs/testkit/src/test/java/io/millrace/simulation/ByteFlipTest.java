package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.partition.SealedRun;
import io.millrace.store.DumpReader;
import io.millrace.store.LogInspector;
import io.millrace.store.SegmentCheck;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.SegmentReader.RoundFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Every byte of a segment with three rounds of batches, flipped one at a time, in the last acknowledged round as well:
/// a start refuses, or everything is there as it was. Never is an acknowledged round cut off.
///
/// What a flip cannot change without a refusal is every byte that means something. What stays undetectable is another
/// kind of damage: a sector of the very last round that comes back as zeros looks like one that was never written.
final class ByteFlipTest {

    private static final String SEGMENT = "00000000000000000000.segment";
    private static final int SEGMENT_BYTES = 65_536;
    private static final int SEGMENT_HEADER_BYTES = 4_096;
    private static final int SECTOR_BYTES = 512;
    private static final int FULL = 0xff;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(3));
    private final StoreRig rig = opened(disk);
    private final Topic topic = rig.createTopic("t", 2);
    private final List<RecordBatch> acknowledged = new ArrayList<>();

    ByteFlipTest() throws IOException {
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                // Zeros inside, so that sectors are zero although nothing is missing.
                String value = "value " + i + "\0".repeat(700 * i) + "end";
                answers.add(rig.session()
                        .append(
                                partition(i % 2),
                                batch().withRecord(1_000 + i, value).build()));
            }
            rig.commitAll();
            assertThat(answers).allMatch(answer -> answer.join() instanceof AppendOutcome.Appended);
        }
        acknowledged.addAll(batches(rig, 0));
        acknowledged.addAll(batches(rig, 1));
        assertThat(acknowledged).hasSize(12);
    }

    private static StoreRig opened(SimulatedDisk from) throws IOException {
        return StoreRig.open(from, StoreRig.smallestOptions(), new SimulatedClock(1_000_000), 1);
    }

    private PartitionId partition(int number) {
        return new PartitionId(topic.id(), number);
    }

    private List<RecordBatch> batches(StoreRig from, int partition) throws IOException {
        return ((ReadOutcome.Batches) from.read(partition(partition), 0)).batches();
    }

    @Test
    void aFlippedBitIsRefusedWhereverItMeansSomethingAndHarmlessElsewhere() throws IOException {
        BitSet refused = new BitSet();
        for (int at = 0; at < SEGMENT_BYTES; at++) {
            refused.set(at, isRefused(at, 1 << at % 8));
        }

        assertThat(refused).isEqualTo(meaningful());
    }

    @Test
    void aByteTurnedOverIsRefusedWhereverItMeansSomethingAndHarmlessElsewhere() throws IOException {
        BitSet refused = new BitSet();
        for (int at = 0; at < SEGMENT_BYTES; at++) {
            refused.set(at, isRefused(at, FULL));
        }

        assertThat(refused).isEqualTo(meaningful());
    }

    /// Otherwise, what a start answers is exactly what was acknowledged.
    private boolean isRefused(int at, int mask) throws IOException {
        SimulatedDisk damaged = disk.afterProcessCrash();
        damaged.flip(SEGMENT, at, mask);
        try {
            StoreRig reopened = opened(damaged);
            List<RecordBatch> read = new ArrayList<>(batches(reopened, 0));
            read.addAll(batches(reopened, 1));
            assertThat(bytes(read)).isEqualTo(bytes(acknowledged));
            return false;
        } catch (CorruptLogException e) {
            return true;
        }
    }

    private static List<ByteBuffer> bytes(List<RecordBatch> batches) {
        return batches.stream().map(RecordBatch::buffer).toList();
    }

    /// The segment's header, each round without the padding behind it, and the sector behind the last round, in which
    /// the next would begin.
    private BitSet meaningful() throws IOException {
        BitSet meaningful = new BitSet();
        meaningful.set(0, SEGMENT_HEADER_BYTES);
        SimulatedClock clock = new SimulatedClock(1);
        new LogInspector(disk, clock, clock, new SplittableRandom(1)).dump(new DumpReader() {

            private long roundStart;

            @Override
            public void round(String fileName, RoundFacts round) {
                roundStart = round.position();
            }

            @Override
            public void run(String fileName, SealedRun run) {
                throw new AssertionError("nothing is sealed here");
            }

            @Override
            public void entry(DumpedEntry entry, Map<TopicId, String> topicNames) {
                meaningful.set((int) roundStart, (int) entry.filePosition() + entry.sizeInLog());
            }

            @Override
            public void unreadable(String fileName, SegmentCheck.Place place) {
                throw new AssertionError(place.toString());
            }
        });
        int end = (int) rig.store().status().endPosition();
        meaningful.set(end, end + SECTOR_BYTES);
        return meaningful;
    }
}
