package io.millrace.walstore;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The few threads that read the log from disk, so that event loops never do.
///
/// Threads: any may submit. Errors: a full queue answers with the given refusal at once.
final class ReadPool {

    private final ThreadPoolExecutor threads;

    ReadPool(int threadCount, int queueMax) {
        threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueMax),
                Thread.ofPlatform().name("wal-read-", 0).factory());
    }

    /// Runs the read on one of the threads, or answers what `overloaded` gives if too many wait.
    <T> Uni<T> run(Supplier<T> read, Supplier<T> overloaded) {
        return Uni.createFrom()
                .item(read)
                .runSubscriptionOn(threads)
                .onFailure(RejectedExecutionException.class)
                .recoverWithItem(overloaded);
    }

    int waiting() {
        return threads.getQueue().size();
    }

    /// Ends the threads after what is queued; without interrupting, which would close the files they read.
    boolean stop(Duration patience) throws InterruptedException {
        threads.shutdown();
        return threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
