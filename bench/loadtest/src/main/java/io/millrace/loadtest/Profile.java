package io.millrace.loadtest;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// How long, and how much. The n-th stage has n times the producers of the first, each with n times its rate and n
/// times its sizes.
enum Profile {
    QUICK(Duration.ofSeconds(60), 3, 2, 1, 200),
    STANDARD(Duration.ofMinutes(2), 4, 4, 1, 500),
    STRESS(Duration.ofMinutes(10), 6, 6, 2, 1_000),
    ENDURANCE(Duration.ofMinutes(30), 3, 4, 2, 1_000);

    private static final int RECORDS_PER_SECOND = 400;

    private final Duration length;
    private final int stages;
    private final int consumers;
    private final int producers;
    private final int valueBytes;

    Profile(Duration length, int stages, int consumers, int producers, int valueBytes) {
        this.length = length;
        this.stages = stages;
        this.consumers = consumers;
        this.producers = producers;
        this.valueBytes = valueBytes;
    }

    /// One stretch of steady load.
    ///
    /// @param recordsPerSecond of each producer
    record Stage(Duration length, int producers, int recordsPerSecond, int valueBytes) {}

    static Profile named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    Duration length() {
        return length;
    }

    int consumers() {
        return consumers;
    }

    List<Stage> stages() {
        return IntStream.rangeClosed(1, stages)
                .mapToObj(
                        n -> new Stage(length.dividedBy(stages), n * producers, n * RECORDS_PER_SECOND, n * valueBytes))
                .toList();
    }

    /// Of the last stage.
    int producers() {
        return stages * producers;
    }
}
