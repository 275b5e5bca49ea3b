package io.millrace.kafka.quota;

/// What a client may still take: it fills at the quota's rate, holds what the rate gives in one window, and can be
/// overdrawn, since the size of an answer is known only when it is there.
///
/// Threads: guarded by its owner's lock. Units: bytes, nanoseconds.
final class TokenBucket {

    private static final double NANOS_PER_SECOND = 1e9;

    private double bytesPerSecond;
    private double level;
    private long filledNanos;

    TokenBucket(double bytesPerSecond, long windowNanos, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.level = bytesPerSecond * windowNanos / NANOS_PER_SECOND;
        this.filledNanos = nowNanos;
    }

    /// Takes the bytes.
    ///
    /// @param mostNanos the longest wait; what would take longer is forgiven
    /// @return how long to wait until the bucket is no longer overdrawn
    long take(long bytes, Rate rate, long mostNanos, long nowNanos) {
        fill(rate, nowNanos);
        double debtMax = bytesPerSecond * mostNanos / NANOS_PER_SECOND;
        level = Math.max(level - bytes, -debtMax);
        return level >= 0 ? 0 : (long) (-level / bytesPerSecond * NANOS_PER_SECOND);
    }

    /// What a quota gives, now.
    record Rate(double bytesPerSecond, long windowNanos) {}

    private void fill(Rate rate, long nowNanos) {
        bytesPerSecond = rate.bytesPerSecond();
        double capacity = bytesPerSecond * rate.windowNanos() / NANOS_PER_SECOND;
        double gained = bytesPerSecond * (nowNanos - filledNanos) / NANOS_PER_SECOND;
        level = Math.min(capacity, level + gained);
        filledNanos = nowNanos;
    }
}
