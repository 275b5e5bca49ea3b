package io.millrace.e2e.cluster;

import java.util.Random;

/// The chance in a test: printed, and repeated with `-Dtests.seed=N`.
public record Seed(long value) {

    public static Seed print(String what) {
        long value = Long.getLong("tests.seed", System.nanoTime() & 0xFFFF_FFFFL);
        System.out.println("seed of " + what + ": -Dtests.seed=" + value);
        return new Seed(value);
    }

    public Random random() {
        return new Random(value);
    }
}
