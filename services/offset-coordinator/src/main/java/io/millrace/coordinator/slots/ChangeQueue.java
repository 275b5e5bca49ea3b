package io.millrace.coordinator.slots;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Changes that wait for the next round, in the order in which they came.
///
/// It has no bound of its own: who changes slots bounds what is under way.
///
/// Threads: any adds, the writer takes.
final class ChangeQueue {

    private final ReentrantLock queueLock = new ReentrantLock();
    private final Condition hasWork = queueLock.newCondition();

    /// The following are guarded by `queueLock`.
    private final ArrayDeque<Change> waiting = new ArrayDeque<>();

    private boolean isNudged;
    private @Nullable IOException stop;

    /// Adds a change, or fails it if nothing is taken any more.
    void add(Change change) {
        IOException reason;
        queueLock.lock();
        try {
            reason = stop;
            if (reason == null) {
                waiting.add(change);
                hasWork.signal();
            }
        } finally {
            queueLock.unlock();
        }
        if (reason != null) {
            change.done().completeExceptionally(reason);
        }
    }

    /// Takes from the front what fits, at least one if any waits.
    List<Change> take(int bytesMax) {
        queueLock.lock();
        try {
            isNudged = false;
            List<Change> taken = new ArrayList<>();
            long bytes = 0;
            for (Change next = waiting.peek(); next != null; next = waiting.peek()) {
                bytes += next.bodyBytes();
                if (!taken.isEmpty() && bytes > bytesMax) {
                    break;
                }
                taken.add(waiting.remove());
            }
            return taken;
        } finally {
            queueLock.unlock();
        }
    }

    /// Makes the writer take a step although nothing waits.
    void nudge() {
        queueLock.lock();
        try {
            isNudged = true;
            hasWork.signal();
        } finally {
            queueLock.unlock();
        }
    }

    /// Parks the writer until there is work, or the time is over.
    void awaitWork(Duration atMost) throws InterruptedException {
        queueLock.lock();
        try {
            long leftNanos = atMost.toNanos();
            while (waiting.isEmpty() && !isNudged && leftNanos > 0) {
                leftNanos = hasWork.awaitNanos(leftNanos);
            }
        } finally {
            queueLock.unlock();
        }
    }

    boolean isEmpty() {
        queueLock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            queueLock.unlock();
        }
    }

    /// Fails what comes from now on. What waits already stays.
    void stop(IOException reason) {
        queueLock.lock();
        try {
            if (stop == null) {
                stop = reason;
            }
        } finally {
            queueLock.unlock();
        }
    }
}
