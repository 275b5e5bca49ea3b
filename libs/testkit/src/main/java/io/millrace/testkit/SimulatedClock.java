package io.millrace.testkit;

import io.millrace.store.NanoClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that moves only when told to.
///
/// Threads: one moves it, any reads.
public final class SimulatedClock extends Clock implements NanoClock {

    private final AtomicLong millis;
    private final AtomicLong nanos = new AtomicLong();

    public SimulatedClock(long startMillis) {
        this.millis = new AtomicLong(startMillis);
    }

    /// Also back, as wall clocks do when they are set.
    public void setMillis(long newMillis) {
        millis.set(newMillis);
    }

    public void advance(Duration duration) {
        millis.getAndAdd(duration.toMillis());
        nanos.getAndAdd(duration.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public long millis() {
        return millis.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
