package io.millrace.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Wakes one thread that waits for work.
///
/// Threads: one waits, any rings. A ring between the look at the work and the park makes the park return at once,
/// so no wake-up is lost.
final class Bell {

    /// Written by the thread that waits.
    private volatile @Nullable Thread waiting;

    void ring() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /// Whether there is work, now or when it was rung or the time was over.
    boolean await(BooleanSupplier hasWork, Duration atMost) throws InterruptedException {
        waiting = Thread.currentThread();
        try {
            if (!hasWork.getAsBoolean()) {
                LockSupport.parkNanos(this, atMost.toNanos());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return hasWork.getAsBoolean();
        } finally {
            waiting = null;
        }
    }
}
