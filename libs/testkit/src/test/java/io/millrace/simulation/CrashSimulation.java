package io.millrace.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Catalog;
import io.millrace.sealed.SealOptions;
import io.millrace.store.WalOptions;
import io.millrace.testkit.PowerCut;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random load, a crash at a random operation of the disk, recovery, in a loop: nothing acknowledged is lost,
/// nothing is there that was not sent, and recovering twice is recovering once.
final class CrashSimulation {

    /// How much of the same is done: the soak tier does not test other things, only more of them.
    private static final int SEED_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 2_000 : 40;

    private static final int CRASHES_PER_SEED = 25;
    private static final int STEPS_PER_CRASH_MAX = 400;

    @Test
    void whatWasAcknowledgedSurvivesEveryCrash() throws IOException {
        long firstSeed = Long.getLong("tests.seed", 20_261_121L);
        System.out.println("CrashSimulation seed " + firstSeed + " to " + (firstSeed + SEED_COUNT - 1));
        int crashes = 0;
        int sealedFiles = 0;
        int freedFiles = 0;
        for (long seed = firstSeed; seed < firstSeed + SEED_COUNT; seed++) {
            Run run = new Run(seed);
            crashes += crashes(run, seed);
            sealedFiles += run.rig.events().sealedFileCount();
            freedFiles += run.rig.events().freedFileCount();
        }
        System.out.println("CrashSimulation sealed " + sealedFiles + " files and freed " + freedFiles);
        assertThat(crashes).isEqualTo(SEED_COUNT * CRASHES_PER_SEED);
        assertThat(sealedFiles).isGreaterThan(SEED_COUNT);
        assertThat(freedFiles).isPositive();
    }

    /// Every seed that ever failed.
    @ParameterizedTest
    @ValueSource(longs = {1})
    void seedsThatFailedOnce(long seed) throws IOException {
        assertThat(crashes(new Run(seed), seed)).isEqualTo(CRASHES_PER_SEED);
    }

    private static int crashes(Run run, long seed) {
        try {
            return run.crashes();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static final class Run {

        private final RandomGenerator random;
        private final ShardModel model = new ShardModel();
        private final StoreRig rig;
        private final RandomLoad load;
        private SimulatedDisk disk;

        Run(long seed) throws IOException {
            this.random = new SplittableRandom(seed);
            this.disk = new SimulatedDisk(random);
            boolean isSealing = seed % 4 != 0;
            WalOptions options =
                    isSealing ? StoreRig.smallOptions(sealing(), checkpointBytes()) : StoreRig.smallOptions();
            this.rig = StoreRig.open(disk, options, new SimulatedClock(1_000_000), seed);
            this.load = new RandomLoad(random, model, rig, new RandomLoad.Mix(isSealing ? 140 : 0, 60_000));
        }

        /// Files and runs so small that every pass has several of them.
        private SealOptions sealing() {
            int segments = 1 + random.nextInt(3);
            return new SealOptions(
                    segments,
                    segments + random.nextInt(3),
                    30_000 + random.nextInt(200_000),
                    20_000 + random.nextInt(200_000),
                    1 + random.nextInt(20_000),
                    random.nextBoolean() ? 1 + random.nextInt(10) : 1_000,
                    2 + random.nextInt(6),
                    Long.MAX_VALUE,
                    random.nextInt(3_000));
        }

        private long checkpointBytes() {
            return 100_000L + random.nextInt(2_000_000);
        }

        int crashes() throws IOException {
            for (int i = 0; i < CRASHES_PER_SEED; i++) {
                workUntilCrash();
                load.forgetUnanswered();
                recover();
            }
            return CRASHES_PER_SEED;
        }

        private void workUntilCrash() throws IOException {
            disk.cutPowerAfter(1 + random.nextInt(300));
            try {
                int steps = random.nextInt(STEPS_PER_CRASH_MAX);
                for (int i = 0; i < steps; i++) {
                    load.step();
                }
                if (random.nextInt(4) == 0) {
                    load.commit();
                    rig.store().close();
                }
            } catch (PowerCut expected) {
                assertThat(expected).isNotNull();
            }
        }

        /// The power may fail again in the middle of it.
        private void recover() throws IOException {
            disk = random.nextInt(4) == 0 ? disk.afterProcessCrash() : disk.afterCrash();
            while (!isReopened()) {
                disk = disk.afterCrash();
            }
            model.recover(rig);
            Catalog once = rig.store().catalog();
            disk = disk.afterCrash();
            rig.reopen(disk);
            assertThat(rig.store().catalog().topics()).isEqualTo(once.topics());
            assertThat(rig.store().catalog().version()).isEqualTo(once.version());
            model.recover(rig);
            model.compare(rig);
            model.compareSome(rig, random);
        }

        private boolean isReopened() throws IOException {
            if (random.nextInt(3) == 0) {
                disk.cutPowerAfter(1 + random.nextInt(12));
            }
            try {
                rig.reopen(disk);
                disk.cutPowerAfter(Integer.MAX_VALUE);
                return true;
            } catch (PowerCut expected) {
                return false;
            }
        }
    }
}
