package io.millrace.api.http;

import java.time.Duration;

/// Deadlines of the calls; a call without an answer by then is `Unknown` or fails.
///
/// Threads: immutable.
///
/// @param call offsets, commands, the catalog
/// @param read range reads
/// @param frame forwarded Kafka frames, which may be long polls
/// @param hello an instance's introduction
public record CallOptions(Duration call, Duration read, Duration frame, Duration hello) {

    public static CallOptions defaults() {
        return new CallOptions(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(1));
    }
}
