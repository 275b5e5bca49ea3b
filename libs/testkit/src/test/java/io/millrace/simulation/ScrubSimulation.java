package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
import io.millrace.store.Damage;
import io.millrace.store.Damage.LostOffsets;
import io.millrace.store.ScrubStatus;
import io.millrace.store.ScrubStatus.State;
import io.millrace.testkit.BatchBuilder;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scrubs beside appends, sealing, compaction, retention and deletion: as long as nothing is damaged, none is told; and
/// when something is, each offset that cannot be read any more is.
final class ScrubSimulation {

    /// How much of the same is done: the soak tier does not test other things, only more of them.
    private static final int SEED_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 1_000 : 30;

    private static final int STEPS = 2_500;

    @Test
    void allDamageIsToldAndNothingElse() throws IOException {
        long firstSeed = Long.getLong("tests.seed", 20_261_124L);
        System.out.println("ScrubSimulation seed " + firstSeed + " to " + (firstSeed + SEED_COUNT - 1));
        Counts counts = new Counts(0, 0, 0, 0);
        for (long seed = firstSeed; seed < firstSeed + SEED_COUNT; seed++) {
            counts = counts.plus(run(seed));
        }
        System.out.println("ScrubSimulation " + counts);
        assertThat(counts.scrubs()).isGreaterThan(3 * SEED_COUNT);
        assertThat(counts.freedFiles()).isGreaterThan(10 * SEED_COUNT);
        assertThat(counts.compactions()).isGreaterThan(3 * SEED_COUNT);
        assertThat(counts.lostOffsets()).isGreaterThan(3 * SEED_COUNT);
    }

    /// Every seed that ever failed.
    @ParameterizedTest
    @ValueSource(longs = {1})
    void seedsThatFailedOnce(long seed) throws IOException {
        assertThat(run(seed).scrubs()).isPositive();
    }

    /// What happened, so that a run in which nothing does is noticed.
    private record Counts(int scrubs, int freedFiles, int compactions, int lostOffsets) {

        Counts plus(Counts more) {
            return new Counts(
                    scrubs + more.scrubs,
                    freedFiles + more.freedFiles,
                    compactions + more.compactions,
                    lostOffsets + more.lostOffsets);
        }
    }

    private static Counts run(long seed) throws IOException {
        try {
            return new Run(seed).counts();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static final class Run {

        private static final long START = 1_700_000_000_000L;
        private static final int FLIPS = 12;

        private final RandomGenerator random;
        private final SimulatedClock clock = new SimulatedClock(START);
        private final SimulatedDisk disk;
        private final StoreRig rig;
        private final List<Topic> topics = new ArrayList<>();
        private int serial;

        Run(long seed) throws IOException {
            this.random = new SplittableRandom(seed);
            this.disk = new SimulatedDisk(random);
            SealOptions sealing = new SealOptions(1, 3, 40_000, 50_000, 5_000, 100, 4, Long.MAX_VALUE, 1_000);
            this.rig = StoreRig.open(disk, StoreRig.smallestOptions(sealing, 100_000), clock, seed);
            topics.add(topic(Map.of("retention.ms", "60000")));
            topics.add(topic(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0")));
            topics.add(topic(Map.of()));
        }

        private Topic topic(Map<String, String> configs) {
            return rig.createTopic("topic-" + serial++, 2, configs);
        }

        Counts counts() throws IOException {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            assertThat(rig.events().damages()).isEmpty();
            int scrubs = (int) rig.events().scrubs().stream()
                    .filter(status -> status.state() == State.FINISHED)
                    .count();
            return new Counts(
                    scrubs, rig.events().freedFileCount(), rig.events().compactionCount(), lostOffsets());
        }

        private void step() throws IOException {
            int dice = random.nextInt(1_000);
            if (dice < 500) {
                append();
            } else if (dice < 550) {
                clock.advance(Duration.ofMillis(random.nextLong(15_000)));
            } else if (dice < 760) {
                workInBackground(random.nextInt(8));
            } else if (dice < 765) {
                rig.execute(new Command.DeleteTopic(topics.getLast().id()));
                topics.set(topics.size() - 1, topic(Map.of()));
            } else if (dice < 775) {
                deleteRecords();
            } else if (dice < 785) {
                assertThat(rig.store().scrub().begin(random.nextBoolean() ? Long.MAX_VALUE : 20_000L))
                        .isIn(true, false);
            } else if (dice < 786) {
                rig.store().scrub().cancel();
            } else {
                rig.store().scrub().step();
            }
        }

        /// With a look at the files in between.
        private void workInBackground(int steps) {
            for (int i = 0; i < steps; i++) {
                rig.store().upkeep();
                rig.commitAll();
                if (random.nextInt(4) == 0) {
                    rig.store().scrub().step();
                }
            }
        }

        private PartitionId anyPartition() {
            return new PartitionId(topics.get(random.nextInt(topics.size())).id(), random.nextInt(2));
        }

        private void append() {
            BatchBuilder builder = batch();
            for (int i = 0; i <= random.nextInt(3); i++) {
                builder.withKeyed(clock.millis(), "key-" + random.nextInt(10), "v".repeat(random.nextInt(3_000)));
            }
            assertThat(rig.append(anyPartition(), builder.build())).isInstanceOf(AppendOutcome.Appended.class);
        }

        private void deleteRecords() {
            PartitionId partition = anyPartition();
            var seen = rig.store().watermarks(partition).orElseThrow();
            long offset = seen.logStartOffset() + random.nextLong(seen.highWatermark() - seen.logStartOffset() + 1);
            rig.execute(new Command.DeleteRecords(partition, offset));
        }

        /// Damages the files, and compares what a scrub tells with what can be read.
        ///
        /// @return how many offsets with a record cannot be
        private int lostOffsets() throws IOException {
            finish();
            Map<PartitionId, BitSet> records = records();
            List<String> names = disk.list().stream()
                    .filter(name -> name.endsWith(".sealed") || name.endsWith(".segment"))
                    .toList();
            for (int i = 0; i < FLIPS; i++) {
                String name = names.get(random.nextInt(names.size()));
                disk.flip(name, random.nextInt(disk.content(name).limit()), 1 << random.nextInt(8));
            }
            assertThat(rig.store().scrub().begin()).isTrue();
            ScrubStatus status = finish();
            assertThat(status.damageCount()).isEqualTo(status.damages().size());
            int lost = 0;
            for (Map.Entry<PartitionId, BitSet> each : records.entrySet()) {
                BitSet unreadable = unreadable(each.getKey(), each.getValue());
                compare(unreadable, told(each.getKey(), status.damages()));
                lost += unreadable.cardinality();
            }
            return lost;
        }

        private ScrubStatus finish() {
            while (rig.store().scrub().status().state() == State.RUNNING) {
                rig.store().scrub().step();
            }
            return rig.store().scrub().status();
        }

        /// The offsets of all batches.
        private Map<PartitionId, BitSet> records() throws IOException {
            Map<PartitionId, BitSet> records = new HashMap<>();
            for (Topic topic : topics) {
                for (int i = 0; i < topic.partitionCount(); i++) {
                    PartitionId partition = new PartitionId(topic.id(), i);
                    records.put(partition, records(partition));
                }
            }
            return records;
        }

        private BitSet records(PartitionId partition) throws IOException {
            BitSet offsets = new BitSet();
            long start = rig.store().watermarks(partition).orElseThrow().logStartOffset();
            for (List<RecordBatch> read = read(partition, start);
                    !read.isEmpty();
                    read = read(partition, read.getLast().endOffset())) {
                read.forEach(each -> offsets.set((int) Math.max(start, each.baseOffset()), (int) each.endOffset()));
            }
            return offsets;
        }

        private List<RecordBatch> read(PartitionId partition, long offset) throws IOException {
            return ((ReadOutcome.Batches) rig.read(partition, offset)).batches();
        }

        private BitSet unreadable(PartitionId partition, BitSet records) {
            BitSet unreadable = new BitSet();
            records.stream().filter(offset -> !isReadable(partition, offset)).forEach(unreadable::set);
            return unreadable;
        }

        /// As a client reads, with whatever else fits into the answer.
        private boolean isReadable(PartitionId partition, long offset) {
            try {
                RecordBatch first = read(partition, offset).getFirst();
                return first.baseOffset() <= offset && offset < first.endOffset();
            } catch (IOException e) {
                return false;
            }
        }

        private static List<LostOffsets> told(PartitionId partition, List<Damage> damages) {
            return damages.stream()
                    .flatMap(damage -> damage.affected().stream())
                    .filter(each -> each.partitionId().equals(partition))
                    .toList();
        }

        /// Whatever cannot be read is told, and nothing is told all of which can be read.
        private static void compare(BitSet unreadable, List<LostOffsets> told) {
            BitSet untold = (BitSet) unreadable.clone();
            for (LostOffsets lost : told) {
                untold.clear((int) lost.firstOffset(), (int) lost.endOffset());
                assertThat(unreadable
                                .get((int) lost.firstOffset(), (int) lost.endOffset())
                                .isEmpty())
                        .as("%s can be read", lost)
                        .isFalse();
            }
            assertThat(untold.isEmpty()).as("%s is not among %s", untold, told).isTrue();
        }
    }
}
