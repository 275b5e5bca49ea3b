package io.millrace.kafka.fetch;

import java.time.Duration;

/// The bounds of fetching.
///
/// Threads: immutable.
///
/// @param maxResponseBytes record bytes in one answer, whatever the client would take; a larger first batch goes
/// whole
/// @param maxMemoryBytes record bytes in all answers that have not left yet; when it is used up, answers shrink to
/// `minResponseBytes`, so that every reader goes on
/// @param minResponseBytes what an answer may always have
/// @param maxWait the longest a fetch waits for data, whatever the client asks
/// @param failurePause how long after every look-up failed they are tried once more, so that clients do not spin
public record FetchSettings(
        int maxResponseBytes,
        long maxMemoryBytes,
        int minResponseBytes,
        Duration maxWait,
        Duration failurePause,
        Sessions sessions) {

    /// How much is remembered of clients that fetch in sessions.
    ///
    /// @param countMax sessions
    /// @param partitionsMax in all sessions together
    /// @param idleMin a session that was used since stays, whoever wants its place
    public record Sessions(int countMax, int partitionsMax, Duration idleMin) {

        public Sessions {
            if (countMax < 0 || partitionsMax < 0 || idleMin.isNegative()) {
                throw new IllegalArgumentException("the bounds of fetch sessions are not negative");
            }
        }

        /// As many as a broker keeps by default.
        public static Sessions defaults() {
            return new Sessions(1_000, 200_000, Duration.ofMinutes(2));
        }
    }

    public FetchSettings {
        if (minResponseBytes < 1 || maxResponseBytes < minResponseBytes || maxMemoryBytes < maxResponseBytes) {
            throw new IllegalArgumentException("fetch bounds are " + minResponseBytes + ", " + maxResponseBytes + ", "
                    + maxMemoryBytes + "; each must be at least the one before");
        }
        if (maxWait.isNegative() || failurePause.isNegative()) {
            throw new IllegalArgumentException("a fetch's waits are not negative");
        }
    }
}
