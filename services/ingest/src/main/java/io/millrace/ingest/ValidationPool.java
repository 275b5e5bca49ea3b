package io.millrace.ingest;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that decompress large batches.
///
/// What waits for them is bounded by the listener's bytes in flight.
final class ValidationPool implements Executor, AutoCloseable {

    private final ExecutorService threads;

    ValidationPool(int threadCount) {
        AtomicInteger next = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "validation-" + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
        threads = Executors.newFixedThreadPool(threadCount, factory);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /// Lets what was begun end, and takes nothing more.
    @Override
    public void close() {
        threads.shutdown();
    }
}
