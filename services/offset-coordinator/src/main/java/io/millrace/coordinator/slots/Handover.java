package io.millrace.coordinator.slots;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Completes futures on another executor, many in one task: a round of changes ends at once, and a task for each would
/// wake a thread for each.
///
/// Threads: any. Bounds: what waits here was bounded where it was asked for.
final class Handover {

    private final Executor executor;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    Handover(Executor executor) {
        this.executor = executor;
    }

    /// A future with the outcome of this one, whose dependents run on the executor.
    <T> CompletableFuture<T> handedOver(CompletableFuture<T> change) {
        CompletableFuture<T> there = new CompletableFuture<>();
        CompletableFuture<T> _ = change.whenComplete((result, failure) -> add(() -> {
            if (failure == null) {
                there.complete(result);
            } else {
                there.completeExceptionally(failure);
            }
        }));
        return there;
    }

    private void add(Runnable completion) {
        waiting.add(completion);
        if (!isScheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            // It is being stopped, and somebody may be waiting all the same.
            run();
        }
    }

    /// Whoever adds behind the last look schedules the next task.
    private void run() {
        isScheduled.set(false);
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }
}
