package io.millrace.e2e.cluster;

import java.time.Duration;
import java.util.Locale;

/// How long the tests run: `-Dtests.tier=soak` has full lengths and rounds; no tier has fewer kinds of fault.
public enum Tier {
    NORMAL,
    SOAK;

    public static Tier current() {
        return valueOf(System.getProperty("tests.tier", "normal").toUpperCase(Locale.ROOT));
    }

    public static int rounds(int normal, int soak) {
        return switch (current()) {
            case NORMAL -> normal;
            case SOAK -> soak;
        };
    }

    public static Duration length(Duration normal, Duration soak) {
        return switch (current()) {
            case NORMAL -> normal;
            case SOAK -> soak;
        };
    }
}
