package io.millrace.api;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/// A value that others follow: a subscriber gets the present value at once, then each new one, and skips those that it
/// was too slow for, so that nothing piles up.
///
/// Threads: all methods from any thread; items are delivered on the thread that sets the value.
public final class LatestValue<T> {

    /// Guards the order of values and the list of followers.
    private final ReentrantLock lock = new ReentrantLock();

    private final List<MultiEmitter<? super T>> followers = new CopyOnWriteArrayList<>();

    /// Written under the lock, read by anyone.
    private volatile T value;

    public LatestValue(T first) {
        value = first;
    }

    public T value() {
        return value;
    }

    public void set(T next) {
        lock.lock();
        try {
            value = next;
            for (MultiEmitter<? super T> follower : followers) {
                follower.emit(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The present value and all that follow; never ends.
    public Multi<T> changes() {
        return Multi.createFrom().<T>emitter(this::follow, BackPressureStrategy.LATEST);
    }

    private void follow(MultiEmitter<? super T> follower) {
        lock.lock();
        try {
            followers.add(follower);
            follower.onTermination(() -> followers.remove(follower));
            follower.emit(value);
        } finally {
            lock.unlock();
        }
    }
}
