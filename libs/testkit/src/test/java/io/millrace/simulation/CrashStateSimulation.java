package io.millrace.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The states that a crash can leave on the disk, by the hundred thousand: each is recovered, and nothing acknowledged
/// is lost in any, nothing is there that was not sent, and recovering twice is recovering once.
///
/// Two states are distinct if the durable names or bytes differ.
final class CrashStateSimulation {

    /// The soak tier does not test other things, only more of them.
    private static final int STATE_COUNT = "soak".equals(System.getProperty("tests.tier")) ? 10_000_000 : 100_000;

    @Test
    void whatWasAcknowledgedIsInEveryStateThatACrashCanLeave() throws IOException {
        long seed = Long.getLong("tests.seed", 20_261_121L);
        System.out.println("CrashStateSimulation seeds from " + seed);
        Map<CrashPoint, Integer> counts = new EnumMap<>(CrashPoint.class);

        int states = 0;
        while (states < STATE_COUNT) {
            Map<CrashPoint, Integer> explored = explore(seed++);
            explored.forEach((point, count) -> counts.merge(point, count, Integer::sum));
            states += explored.values().stream().mapToInt(Integer::intValue).sum();
        }

        System.out.println("CrashStateSimulation: " + states + " distinct states " + counts);
        assertThat(counts).containsOnlyKeys(CrashPoint.values());
    }

    private static Map<CrashPoint, Integer> explore(long seed) throws IOException {
        try {
            return new CrashStates(seed).explore();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
