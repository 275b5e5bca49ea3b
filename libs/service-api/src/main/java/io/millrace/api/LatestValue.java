package io.millrace.api;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A value that others follow: a subscriber gets the present value at once, then each new one in order, and
/// skips those that it was too slow for, so that nothing piles up; never the last.
///
/// A follower is told while no lock is held: it may wait for whom it likes, who may wait for a lock under
/// which the next value is decided.
///
/// Threads: all methods from any thread; items are delivered on a thread that publishes, to one follower by
/// one at a time.
public final class LatestValue<T> {

    /// Guards the order of values, and what each follower was told.
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Follower<T>> followers = new CopyOnWriteArrayList<>();

    /// Written under the lock, read by anyone.
    private volatile T value;

    private long version;

    public LatestValue(T first) {
        value = first;
    }

    private static final class Follower<T> {
        private final MultiEmitter<? super T> emitter;
        private boolean isBeingTold;
        private long versionTold = -1;

        Follower(MultiEmitter<? super T> emitter) {
            this.emitter = emitter;
        }
    }

    public T value() {
        return value;
    }

    /// The next value, which the caller publishes once it has released the lock under which it decided.
    public void set(T next) {
        lock.lock();
        try {
            value = next;
            version++;
        } finally {
            lock.unlock();
        }
    }

    /// Tells the followers what was set, unless it is told already.
    public void publish() {
        followers.forEach(this::tell);
    }

    /// The present value and all that follow; never ends.
    public Multi<T> changes() {
        return Multi.createFrom().<T>emitter(this::follow, BackPressureStrategy.LATEST);
    }

    private void follow(MultiEmitter<? super T> emitter) {
        Follower<T> follower = new Follower<>(emitter);
        followers.add(follower);
        emitter.onTermination(() -> followers.remove(follower));
        tell(follower);
    }

    private void tell(Follower<T> follower) {
        if (!begins(follower)) {
            return;
        }
        T next = next(follower);
        while (next != null) {
            follower.emitter.emit(next);
            next = next(follower);
        }
    }

    /// False if another thread is at it, which finds the last value before it ends.
    private boolean begins(Follower<T> follower) {
        lock.lock();
        try {
            boolean begins = !follower.isBeingTold;
            follower.isBeingTold = true;
            return begins;
        } finally {
            lock.unlock();
        }
    }

    /// @return null if the follower was told everything, and from then on nobody is at it
    private @Nullable T next(Follower<T> follower) {
        lock.lock();
        try {
            follower.isBeingTold = follower.versionTold < version;
            follower.versionTold = version;
            return follower.isBeingTold ? value : null;
        } finally {
            lock.unlock();
        }
    }
}
