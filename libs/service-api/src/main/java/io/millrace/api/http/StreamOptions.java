package io.millrace.api.http;

import java.time.Duration;

/// How long streams notice that their peer is gone, and come back.
///
/// Threads: immutable.
///
/// @param heartbeat each side says at least this often that it is alive
/// @param silence a peer that said nothing for so long is taken for dead, and the stream is closed
/// @param reconnectMin the wait before the first attempt to reconnect; it doubles with each failure
/// @param reconnectMax the longest wait between two attempts
public record StreamOptions(Duration heartbeat, Duration silence, Duration reconnectMin, Duration reconnectMax) {

    public StreamOptions {
        if (silence.compareTo(heartbeat.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "silence of " + silence + " is less than two heartbeats of " + heartbeat);
        }
    }

    public static StreamOptions defaults() {
        return new StreamOptions(
                Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofSeconds(1));
    }
}
