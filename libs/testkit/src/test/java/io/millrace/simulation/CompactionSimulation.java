package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
import io.millrace.testkit.BatchBuilder;
import io.millrace.testkit.PowerCut;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random keys, tombstones, clocks and crashes: the last record of each key is always readable, what is left is as
/// it was sent, tombstones stay long enough, what they deleted never comes back, and no read of any offset fails.
final class CompactionSimulation {

    /// How much of the same is done: the soak tier does not test other things, only more of them.
    private static final int SEED_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 1_000 : 30;

    private static final int STEPS = 700;
    /// More than the map of the store takes.
    private static final int MANY_KEYS = 80;

    @Test
    void theLastRecordOfEachKeyStays() throws IOException {
        long firstSeed = Long.getLong("tests.seed", 20_261_123L);
        System.out.println("CompactionSimulation seed " + firstSeed + " to " + (firstSeed + SEED_COUNT - 1));
        long gone = 0;
        for (long seed = firstSeed; seed < firstSeed + SEED_COUNT; seed++) {
            gone += run(seed);
        }
        assertThat(gone).isGreaterThan(100L * SEED_COUNT);
    }

    /// Every seed that ever failed.
    @ParameterizedTest
    @ValueSource(longs = {1})
    void seedsThatFailedOnce(long seed) throws IOException {
        assertThat(run(seed)).isPositive();
    }

    private static long run(long seed) throws IOException {
        try {
            return new Run(seed).gone();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static final class Run {

        private static final long START = 1_700_000_000_000L;
        private static final long TOMBSTONE_MILLIS = 60_000;
        private static final long PRODUCER = 77;

        private final RandomGenerator random;
        private final SimulatedClock clock = new SimulatedClock(START);
        private final StoreRig rig;
        private final List<CompactionModel> models = new ArrayList<>();
        private final int[] sequences = new int[3];
        private SimulatedDisk disk;
        private long goneCount;

        Run(long seed) throws IOException {
            this.random = new SplittableRandom(seed);
            this.disk = new SimulatedDisk(random);
            SealOptions sealing =
                    new SealOptions(1, 2, 100_000, 100_000, 4_000, seed % 2 == 0 ? 6 : 100, 4, Long.MAX_VALUE, 2_000);
            this.rig = StoreRig.open(disk, StoreRig.smallOptions(sealing, 300_000), clock, seed);
            for (int i = 0; i < 3; i++) {
                long lag = i * 20_000L;
                Topic topic = rig.createTopic(
                        "topic-" + i,
                        1,
                        Map.of(
                                "cleanup.policy",
                                i == 2 ? "compact,delete" : "compact",
                                "min.cleanable.dirty.ratio",
                                i == 0 ? "0" : "0.3",
                                "delete.retention.ms",
                                Long.toString(TOMBSTONE_MILLIS),
                                "min.compaction.lag.ms",
                                Long.toString(lag)));
                models.add(new CompactionModel(new PartitionId(topic.id(), 0), lag, TOMBSTONE_MILLIS));
            }
        }

        /// @return how many records compaction removed
        long gone() throws IOException {
            for (int i = 0; i < STEPS; i++) {
                step(random.nextInt(models.size()));
            }
            compare();
            return goneCount;
        }

        private void step(int at) throws IOException {
            int dice = random.nextInt(200);
            if (dice < 150) {
                append(at);
            } else if (dice < 170) {
                clock.advance(Duration.ofMillis(random.nextLong(15_000)));
            } else if (dice < 190) {
                workInBackground(1 + random.nextInt(20));
            } else if (dice < 192) {
                deleteRecords(models.get(at));
            } else if (dice < 196) {
                compare();
            } else {
                crash();
            }
        }

        private void append(int at) {
            BatchBuilder builder = batch();
            boolean isLarge = random.nextInt(60) == 0;
            int count = isLarge ? MANY_KEYS : 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                boolean isRare = isLarge || random.nextInt(3) == 0;
                String key = "key-" + (isRare ? random.nextInt(500) : random.nextInt(20));
                if (random.nextInt(6) == 0) {
                    builder.withTombstone(clock.millis(), key);
                } else {
                    String value = "v".repeat(random.nextInt(isLarge ? 40 : 4_000));
                    builder.withKeyed(clock.millis() - random.nextLong(1_000), key, value);
                }
            }
            if (random.nextInt(5) == 0) {
                builder.fromProducer(PRODUCER + at).withSequence(sequences[at]);
                sequences[at] += count;
            }
            RecordBatch sent = builder.build();
            CompactionModel model = models.get(at);
            AppendOutcome outcome = rig.append(model.partitionId(), sent);
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            model.append(sent, ((AppendOutcome.Appended) outcome).baseOffset(), clock.millis());
        }

        private void workInBackground(int steps) {
            for (int i = 0; i < steps; i++) {
                rig.store().upkeep();
                rig.commitAll();
            }
        }

        private void deleteRecords(CompactionModel model) {
            long offset = model.logStartOffset() + random.nextLong(model.endOffset() - model.logStartOffset() + 1) / 4;
            CommandOutcome outcome = rig.execute(new Command.DeleteRecords(model.partitionId(), offset));
            if (outcome instanceof CommandOutcome.RecordsDeleted) {
                model.deleteBefore(offset);
            }
        }

        private void compare() throws IOException {
            goneCount = 0;
            for (CompactionModel model : models) {
                goneCount += model.compare(rig, clock.millis());
            }
        }

        private void crash() throws IOException {
            disk.cutPowerAfter(1 + random.nextInt(60));
            try {
                clock.advance(Duration.ofSeconds(10));
                workInBackground(60);
            } catch (PowerCut expected) {
                assertThat(expected).isNotNull();
            }
            disk = random.nextBoolean() ? disk.afterCrash() : disk.afterProcessCrash();
            rig.reopen(disk);
            compare();
        }
    }
}
