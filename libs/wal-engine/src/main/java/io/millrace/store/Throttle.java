package io.millrace.store;

/// Spreads work over time, so that it takes at most so many bytes a second, and rests between its pieces: on a slow
/// disk
/// or a busy processor, others have most of the time to themselves.
///
/// Threads: one spends, any asks. Units: bytes, nanoseconds of a [NanoClock].
final class Throttle {

    /// What is usual: others have two thirds of the time to themselves.
    static final int RESTS = 2;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long bytesPerSecondMax;
    /// Written by the thread that spends.
    private volatile long freeAtNanos;

    Throttle(long bytesPerSecondMax, long nowNanos) {
        this.bytesPerSecondMax = bytesPerSecondMax;
        this.freeAtNanos = nowNanos;
    }

    /// How long the next piece of work must wait; 0 if it need not.
    long waitNanos(long nowNanos) {
        return Math.max(0, freeAtNanos - nowNanos);
    }

    /// Takes a piece of work into account that ends now. What was not used before is lost, so there are no bursts.
    ///
    /// @param rests how many times as long as the piece took it rests
    void spend(long bytes, long beganNanos, long nowNanos, long rests) {
        long nanos = (long) ((double) bytes * SECOND_NANOS / bytesPerSecondMax);
        freeAtNanos = nowNanos + Math.max(nanos, rests * (nowNanos - beganNanos));
    }
}
