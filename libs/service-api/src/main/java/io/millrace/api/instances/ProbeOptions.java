package io.millrace.api.instances;

import java.time.Duration;

/// How instances are watched.
///
/// Threads: immutable.
///
/// @param interval between two probes of an instance that lives
/// @param retry between two probes of an address where nobody answered lately
/// @param missesMax so many missed probes in a row and the instance is dead
public record ProbeOptions(Duration interval, Duration retry, int missesMax) {
    public static ProbeOptions defaults() {
        return new ProbeOptions(Duration.ofSeconds(1), Duration.ofMillis(250), 3);
    }
}
