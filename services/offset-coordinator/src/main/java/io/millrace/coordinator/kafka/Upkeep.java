package io.millrace.coordinator.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Looks after the log every now and then, but not right after this process itself stood still: what was under way then
/// has had no time to come back, and only seems to have waited long. Of looks that are all late, every other one is
/// made.
///
/// Threads: confined to one.
final class Upkeep implements Runnable {

    static final Duration PAUSE = Duration.ofMillis(500);

    /// A look that is later than this follows a process that stood still, not a busy thread.
    static final Duration LATE = Duration.ofSeconds(2);

    private final Runnable look;
    private final LongSupplier nanos;
    private long lastNanos;
    private boolean hasLeftOut;

    /// @param nanos a clock that goes on while the process stands still
    Upkeep(Runnable look, LongSupplier nanos) {
        this.look = look;
        this.nanos = nanos;
        lastNanos = nanos.getAsLong();
    }

    @Override
    public void run() {
        long nowNanos = nanos.getAsLong();
        hasLeftOut = !hasLeftOut && nowNanos - lastNanos > LATE.toNanos();
        lastNanos = nowNanos;
        if (!hasLeftOut) {
            look.run();
        }
    }
}
