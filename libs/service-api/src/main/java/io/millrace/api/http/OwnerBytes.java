package io.millrace.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The bytes that all append streams together brought in and that the owner has not answered; at the limit the streams
/// stop reading, and below it they go on. A lower mark to go on at would starve a stream that stopped while others keep
/// the count between the two.
///
/// Threads: all methods from any thread.
final class OwnerBytes {

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    OwnerBytes(long limit) {
        this.limit = limit;
    }

    boolean isFull() {
        return used.get() >= limit;
    }

    void take(int bytes) {
        used.addAndGet(bytes);
    }

    void give(int bytes) {
        long before = used.getAndAdd(-bytes);
        if (before >= limit && before - bytes < limit) {
            wakeAll();
        }
    }

    /// Runs the action once there is room, perhaps at once; registering it twice is the same as once.
    void whenRoom(Runnable action) {
        waiting.add(action);
        // The last giver may have passed between the caller's look and this line.
        if (!isFull()) {
            wakeAll();
        }
    }

    void forget(Runnable action) {
        waiting.remove(action);
    }

    private void wakeAll() {
        List<Runnable> actions = new ArrayList<>(waiting);
        for (Runnable action : actions) {
            if (waiting.remove(action)) {
                action.run();
            }
        }
    }
}
