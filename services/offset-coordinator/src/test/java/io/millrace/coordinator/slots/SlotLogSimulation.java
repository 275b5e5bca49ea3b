package io.millrace.coordinator.slots;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.PowerCut;
import io.millrace.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random changes and steps, a crash at a random operation of the disk, recovery, in a loop: what is there afterwards
/// is what some run of the first changes makes, and that run has all that were answered.
final class SlotLogSimulation {

    private static final int SEED_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 2_000 : 40;
    private static final int CRASHES_PER_SEED = 12;

    @Test
    void whatWasAnsweredSurvivesEveryCrash() throws IOException {
        long firstSeed = Long.getLong("tests.seed", 20_261_126L);
        System.out.println("SlotLogSimulation seed " + firstSeed + " to " + (firstSeed + SEED_COUNT - 1));
        int freed = 0;
        for (long seed = firstSeed; seed < firstSeed + SEED_COUNT; seed++) {
            freed += run(seed);
        }

        assertThat(freed).isGreaterThan(SEED_COUNT);
    }

    /// Every seed that ever failed.
    @ParameterizedTest
    @ValueSource(longs = {1})
    void seedsThatFailedOnce(long seed) throws IOException {
        assertThat(run(seed)).isNotNegative();
    }

    private static int run(long seed) {
        try {
            return new Run(new SplittableRandom(seed)).crashes();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private record Sent(SlotName slot, Optional<String> value, CompletableFuture<Void> done) {}

    private static final class Run {

        private final RandomGenerator random;
        private final SlotRig rig;
        private final Map<SlotName, String> known = new HashMap<>();
        private final List<Sent> sent = new ArrayList<>();
        private int counter;

        private Run(RandomGenerator random) throws IOException {
            this.random = random;
            rig = new SlotRig(new SimulatedDisk(random), random);
        }

        int crashes() throws IOException {
            for (int crash = 0; crash < CRASHES_PER_SEED; crash++) {
                rig.disk().cutPowerAfter(random.nextInt(1, 400));
                try {
                    while (true) {
                        step();
                    }
                } catch (PowerCut cut) {
                    recover();
                }
            }
            return (int) rig.events.stream().filter("freed 1"::equals).count();
        }

        private void step() throws IOException {
            int dice = random.nextInt(100);
            if (dice < 60) {
                change();
            } else if (dice < 85) {
                int _ = rig.log().writeIfDue();
            } else if (dice < 98) {
                rig.log().upkeep();
            } else {
                rig.log().close();
                rig.reopen(rig.disk());
                settleSent(sent.size());
            }
        }

        private void change() {
            Area area = new Area(random.nextInt(1, 3), random.nextInt(2));
            // Few names, so that many are put again; a few live for ever.
            SlotName slot = new SlotName(area, "n" + random.nextInt(random.nextInt(4) == 0 ? 200 : 8));
            counter++;
            if (random.nextInt(4) == 0) {
                sent.add(new Sent(slot, Optional.empty(), rig.log().remove(area, slot.name())));
            } else {
                String value = counter + "v".repeat(random.nextInt(random.nextInt(20) == 0 ? 9_000 : 600));
                sent.add(new Sent(
                        slot,
                        Optional.of(value),
                        rig.log().put(area, slot.name(), value.getBytes(StandardCharsets.UTF_8))));
            }
        }

        private void recover() throws IOException {
            SimulatedDisk left = random.nextInt(3) == 0
                    ? rig.disk().afterProcessCrash()
                    : rig.disk().afterCrash();
            rig.reopen(left);
            Map<SlotName, String> found = content();
            int answered = (int) sent.stream()
                    .filter(each -> each.done().isDone() && !each.done().isCompletedExceptionally())
                    .count();
            settleSent(answered);
            while (!known.equals(found)) {
                assertThat(sent)
                        .as("the %s slots found are no run of the changes", found.size())
                        .isNotEmpty();
                settleSent(1);
            }
            sent.clear();
            SimulatedDisk again = rig.disk().afterCrash();
            rig.reopen(again);
            assertThat(content()).as("recovering twice is recovering once").isEqualTo(found);
        }

        /// The first changes are in the log; the others stay open.
        private void settleSent(int count) {
            for (Sent each : sent.subList(0, count)) {
                each.value().ifPresentOrElse(value -> known.put(each.slot(), value), () -> known.remove(each.slot()));
            }
            sent.subList(0, count).clear();
        }

        private Map<SlotName, String> content() throws IOException {
            Map<SlotName, String> content = new HashMap<>();
            for (int table = 1; table < 3; table++) {
                for (int part = 0; part < 2; part++) {
                    Area area = new Area(table, part);
                    rig.content(area).forEach((name, value) -> content.put(new SlotName(area, name), value));
                }
            }
            return content;
        }
    }
}
