package io.millrace.kafka.telemetry;

/// What is remembered of one client instance: when it was heard of last, so that it keeps to its interval.
///
/// Threads: guarded by its owner's lock. Units: nanoseconds of elapsed time.
final class TelemetryClient {

    private static final long NEVER = Long.MIN_VALUE;

    /// A client that was silent for so many of its intervals is gone.
    private static final int SILENT_INTERVALS = 3;

    private long askedNanos = NEVER;
    private long pushedNanos = NEVER;
    private long intervalNanos;
    private boolean isEnded;
    private boolean mayAskAgain;

    /// Whether it may ask what is wanted: once in an interval, and at once after it was told that it does not know.
    boolean mayAsk(long nowNanos, long intervalNanos) {
        this.intervalNanos = intervalNanos;
        long lastNanos = Math.max(askedNanos, pushedNanos);
        boolean may = mayAskAgain || isOver(lastNanos, nowNanos, intervalNanos);
        if (may) {
            askedNanos = nowNanos;
            mayAskAgain = false;
        }
        return may;
    }

    /// Whether it may send: once in an interval, the first time after asking whenever it likes, and a last time.
    boolean mayPush(long nowNanos, long intervalNanos, boolean isLast) {
        this.intervalNanos = intervalNanos;
        boolean may = isLast || askedNanos > pushedNanos || isOver(pushedNanos, nowNanos, intervalNanos);
        if (may) {
            pushedNanos = nowNanos;
        }
        return may;
    }

    /// It was told that its subscription is another one now.
    void sendAway() {
        mayAskAgain = true;
    }

    boolean isEnded() {
        return isEnded;
    }

    void end() {
        isEnded = true;
    }

    /// Whether nothing was heard of it for longer than it would keep silent by itself.
    boolean isSilent(long nowNanos) {
        return isOver(Math.max(askedNanos, pushedNanos), nowNanos, SILENT_INTERVALS * intervalNanos);
    }

    private static boolean isOver(long lastNanos, long nowNanos, long nanos) {
        return lastNanos == NEVER || nowNanos - lastNanos >= nanos;
    }
}
