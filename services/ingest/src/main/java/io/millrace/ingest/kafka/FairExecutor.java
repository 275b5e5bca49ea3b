package io.millrace.ingest.kafka;

import io.millrace.kafka.wire.ClientDetails;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Runs the tasks of each connection one after the other, so that no connection takes more than one thread, and
/// those of all others wait for one task of it at most.
///
/// Threads: any. What waits is bounded by the listener's bytes in flight.
final class FairExecutor {

    private final Executor threads;

    /// What waits behind the task that runs; connections without one are not in here.
    private final ConcurrentMap<AppendOrder.Connection, Queue<Runnable>> waiting = new ConcurrentHashMap<>();

    /// @param threads runs tasks in the order in which it gets them
    FairExecutor(Executor threads) {
        this.threads = threads;
    }

    void execute(ClientDetails client, Runnable task) {
        waiting.compute(AppendOrder.Connection.of(client), (connection, queue) -> {
            if (queue == null) {
                threads.execute(() -> run(connection, task));
                return new ArrayDeque<>();
            }
            queue.add(task);
            return queue;
        });
    }

    private void run(AppendOrder.Connection connection, Runnable task) {
        try {
            task.run();
        } finally {
            waiting.computeIfPresent(connection, this::next);
        }
    }

    /// @return null if nothing waits any more
    private @Nullable Queue<Runnable> next(AppendOrder.Connection connection, Queue<Runnable> queue) {
        Runnable task = queue.poll();
        if (task == null) {
            return null;
        }
        threads.execute(() -> run(connection, task));
        return queue;
    }
}
