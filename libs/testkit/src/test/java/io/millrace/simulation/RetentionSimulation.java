package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
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

/// Random appends, configurations, clocks, deletions and crashes: retention takes what it may, all that it must, and
/// nothing else; what is deleted stays deleted, and its space is given back.
final class RetentionSimulation {

    /// How much of the same is done: the soak tier does not test other things, only more of them.
    private static final int SEED_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 2_000 : 60;

    private static final int STEPS = 400;

    @Test
    void retentionDoesWhatItMayAndMust() throws IOException {
        long firstSeed = Long.getLong("tests.seed", 20_261_122L);
        System.out.println("RetentionSimulation seed " + firstSeed + " to " + (firstSeed + SEED_COUNT - 1));
        long expired = 0;
        for (long seed = firstSeed; seed < firstSeed + SEED_COUNT; seed++) {
            expired += run(seed);
        }
        assertThat(expired).isGreaterThan(SEED_COUNT);
    }

    /// Every seed that ever failed.
    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_564, 20_261_864})
    void seedsThatFailedOnce(long seed) throws IOException {
        assertThat(run(seed)).isNotNegative();
    }

    private static long run(long seed) throws IOException {
        try {
            return new Run(seed).expired();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static final class Run {

        private static final long START = 1_700_000_000_000L;
        private static final Duration CHECK = Duration.ofSeconds(10);

        private final RandomGenerator random;
        private final SimulatedClock clock = new SimulatedClock(START);
        private final StoreRig rig;
        private final List<RetentionModel> models = new ArrayList<>();
        private SimulatedDisk disk;
        private long expiredCount;

        Run(long seed) throws IOException {
            this.random = new SplittableRandom(seed);
            this.disk = new SimulatedDisk(random);
            SealOptions sealing =
                    new SealOptions(1, 3, 60_000, 50_000, 5_000, seed % 4 == 0 ? 4 : 100, 4, Long.MAX_VALUE, 1_000);
            boolean isSealing = seed % 2 == 0;
            this.rig = StoreRig.open(
                    disk, isSealing ? StoreRig.smallOptions(sealing, 300_000) : StoreRig.smallOptions(), clock, seed);
            for (int i = 0; i < 3; i++) {
                Topic topic = rig.createTopic("topic-" + i, 1, Map.of("message.timestamp.after.max.ms", "60000"));
                models.add(new RetentionModel(new PartitionId(topic.id(), 0)));
            }
            // The rounds that made the topics have this time already.
            models.forEach(model -> model.clockShows(START, START));
        }

        /// @return how many records retention deleted
        long expired() throws IOException {
            for (int i = 0; i < STEPS; i++) {
                step(models.get(random.nextInt(models.size())));
            }
            giveBackEverything();
            return expiredCount;
        }

        private void step(RetentionModel model) throws IOException {
            int dice = random.nextInt(100);
            if (dice < 60) {
                append(model);
            } else if (dice < 70) {
                turnClock();
            } else if (dice < 80) {
                change(model);
            } else if (dice < 84) {
                deleteRecords(model);
            } else if (dice < 94) {
                check();
            } else if (dice < 98) {
                // A check is due, so the log's time moves with the clock, as the model's does.
                clock.advance(CHECK);
                rig.keepUp();
                observe(Moment.ANY);
                compare();
            } else {
                crash();
            }
        }

        private void append(RetentionModel model) {
            int bytes = random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(3_000);
            RecordBatch sent = batch().withRecord(timestamp(), "y".repeat(bytes))
                    .withRecords(random.nextInt(3))
                    .build();
            long before = model.roundMillis();
            AppendOutcome outcome = rig.append(model.partitionId(), sent);
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            models.forEach(each -> each.clockShows(Math.max(before, clock.millis()), clock.millis()));
            model.append(sent, ((AppendOutcome.Appended) outcome).baseOffset());
            // The round may have been one with a check in it.
            observe(Moment.ANY);
        }

        private long timestamp() {
            return switch (random.nextInt(10)) {
                case 0 -> -1;
                case 1 -> 0;
                case 2 -> clock.millis() - random.nextLong(10_000_000);
                case 3 -> clock.millis() + random.nextLong(100_000);
                case 4 -> Long.MAX_VALUE;
                default -> clock.millis();
            };
        }

        private void turnClock() {
            switch (random.nextInt(10)) {
                case 0 -> clock.setMillis(clock.millis() - random.nextLong(100_000));
                case 1 -> clock.setMillis(clock.millis() + random.nextLong(1_000_000));
                case 2, 3 -> clock.advance(Duration.ofMillis(random.nextLong(600_000)));
                default -> clock.advance(Duration.ofMillis(random.nextLong(20_000)));
            }
        }

        private void change(RetentionModel model) {
            boolean isTime = random.nextBoolean();
            long limit = random.nextInt(4) == 0 ? -1 : random.nextLong(isTime ? 200_000 : 300_000);
            rig.execute(new Command.AlterTopicConfigs(
                    model.partitionId().topicId(),
                    List.of(new ConfigChange(
                            isTime ? "retention.ms" : "retention.bytes", Operation.SET, Long.toString(limit))),
                    Command.Mode.EXECUTE));
            // Both count: the round of the change may have been one with a check in it.
            if (isTime) {
                model.limitMillis(limit);
            } else {
                model.limitBytes(limit);
            }
            observe(Moment.ANY);
        }

        private void deleteRecords(RetentionModel model) {
            long offset = model.logStartOffset() + random.nextLong(model.endOffset() - model.logStartOffset() + 1);
            rig.execute(new Command.DeleteRecords(model.partitionId(), offset));
            model.deleteBefore(offset);
            observe(Moment.ANY);
        }

        private enum Moment {
            /// A check may have been due.
            ANY,
            /// All partitions were checked.
            AFTER_CHECK
        }

        private void check() throws IOException {
            clock.advance(CHECK);
            rig.commitAll();
            observe(Moment.AFTER_CHECK);
            compare();
        }

        private void observe(Moment moment) {
            long roundMillis = Math.max(models.getFirst().roundMillis(), clock.millis());
            for (RetentionModel model : models) {
                model.clockShows(roundMillis, clock.millis());
                long start = rig.store()
                        .watermarks(model.partitionId())
                        .orElseThrow()
                        .logStartOffset();
                expiredCount += model.observe(start);
                if (moment == Moment.AFTER_CHECK) {
                    model.checkNothingIsKeptTooLong();
                }
            }
        }

        private void compare() throws IOException {
            for (RetentionModel model : models) {
                model.compare(rig);
            }
        }

        private void crash() throws IOException {
            disk.cutPowerAfter(1 + random.nextInt(20));
            try {
                clock.advance(CHECK);
                rig.keepUp();
            } catch (PowerCut expected) {
                assertThat(expected).isNotNull();
            }
            disk = random.nextBoolean() ? disk.afterCrash() : disk.afterProcessCrash();
            // The time of a round that had nothing to write is forgotten: the clock must not show less than it.
            clock.setMillis(Math.max(clock.millis(), models.getFirst().roundMillis()));
            rig.reopen(disk);
            observe(Moment.ANY);
            compare();
        }

        private void giveBackEverything() throws IOException {
            for (RetentionModel model : models) {
                rig.execute(new Command.AlterTopicConfigs(
                        model.partitionId().topicId(),
                        List.of(new ConfigChange("retention.bytes", Operation.SET, "0")),
                        Command.Mode.EXECUTE));
                model.limitBytes(0);
            }
            check();
            rig.keepUp();

            assertThat(rig.store().status().segments()).hasSizeLessThanOrEqualTo(2);
            assertThat(models)
                    .allSatisfy(model -> assertThat(model.logStartOffset()).isEqualTo(model.endOffset()));
        }
    }
}
