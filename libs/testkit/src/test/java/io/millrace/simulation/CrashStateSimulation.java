package io.millrace.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The states that a crash can leave on the disk, by the hundred thousand: each is recovered, and nothing acknowledged
/// is lost in any, nothing is there that was not sent, and recovering twice is recovering once.
///
/// Two states are distinct if the durable names or bytes differ.
final class CrashStateSimulation {

    /// The soak tier does not test other things, only more of them.
    private static final int STATE_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 10_000_000 : 100_000;

    private static final int SEEDS_AT_ONCE = 8;
    /// Joining has so many states that others would come short.
    private static final int SEEDS_PER_JOINING = 4;

    @Test
    void whatWasAcknowledgedIsInEveryStateThatACrashCanLeave() {
        long seed = Long.getLong("tests.seed", 20_261_121L);
        System.out.println("CrashStateSimulation seeds from " + seed);
        Map<CrashPoint, Integer> counts = new EnumMap<>(CrashPoint.class);

        int states = 0;
        while (states < STATE_COUNT) {
            List<Map<CrashPoint, Integer>> explored = LongStream.range(seed, seed + SEEDS_AT_ONCE)
                    .parallel()
                    .mapToObj(CrashStateSimulation::explore)
                    .toList();
            for (Map<CrashPoint, Integer> each : explored) {
                add(each, counts);
                states += each.values().stream().mapToInt(Integer::intValue).sum();
            }
            seed += SEEDS_AT_ONCE;
        }

        System.out.println("CrashStateSimulation: " + states + " distinct states " + counts);
        assertThat(counts).containsOnlyKeys(CrashPoint.values());
    }

    private static void add(Map<CrashPoint, Integer> counts, Map<CrashPoint, Integer> sum) {
        counts.forEach((point, count) -> sum.merge(point, count, Integer::sum));
    }

    private static Map<CrashPoint, Integer> explore(long seed) {
        try {
            Map<CrashPoint, Integer> counts = new EnumMap<>(new CrashStates(seed).explore());
            add(new CompactionStates(seed).explore(), counts);
            if (seed % SEEDS_PER_JOINING == 0) {
                add(new JoiningStates(seed).explore(), counts);
            }
            return counts;
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
