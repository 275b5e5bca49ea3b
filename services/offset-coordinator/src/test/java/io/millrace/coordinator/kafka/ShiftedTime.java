package io.millrace.coordinator.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/// The machine's time, and some more.
final class ShiftedTime implements Time {

    private final AtomicLong shiftMillis = new AtomicLong();

    void shift(Duration duration) {
        shiftMillis.addAndGet(duration.toMillis());
    }

    @Override
    public long milliseconds() {
        return SYSTEM.milliseconds() + shiftMillis.get();
    }

    @Override
    public long nanoseconds() {
        return SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long millis) {
        SYSTEM.sleep(millis);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMillis)
            throws InterruptedException {
        SYSTEM.waitObject(object, condition, deadlineMillis);
    }
}
