package io.millrace.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A thread that takes a step now and then, and at once when it is woken.
///
/// Threads: any wakes; whoever made it closes it.
final class Background implements AutoCloseable {

    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final Thread thread;
    /// Written once, by the one who closes.
    private volatile boolean isStopping;

    /// What the thread does again and again.
    @FunctionalInterface
    interface Step {
        void take() throws IOException;
    }

    Background(String name, Step step) {
        this.thread = Thread.ofPlatform().name(name).start(() -> run(step));
    }

    private void run(Step step) {
        try {
            while (!isStopping) {
                step.take();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        isStopping = true;
        wake();
        while (thread.isAlive()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
