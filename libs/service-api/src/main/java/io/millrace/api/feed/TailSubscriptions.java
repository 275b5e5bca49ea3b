package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Which partitions this process wants news of: [TailFeed] says so, and the feed's connection tells it to the store.
///
/// Threads: all methods from any thread.
public final class TailSubscriptions {

    /// Guards both sets.
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<PartitionId> wanted = new HashSet<>();
    private final Set<PartitionId> changed = new LinkedHashSet<>();

    /// Written when the feed is opened, read by whoever subscribes.
    private volatile Runnable listener = () -> {};

    /// What to tell the store; a partition that changed twice is in the list of its last change.
    public record Changes(List<PartitionId> added, List<PartitionId> dropped) {
        public boolean isEmpty() {
            return added.isEmpty() && dropped.isEmpty();
        }
    }

    /// Called after each change, on the thread that made it; must be quick.
    public void onChange(Runnable action) {
        listener = action;
    }

    void add(PartitionId id) {
        change(id, wanted::add);
    }

    void drop(PartitionId id) {
        change(id, wanted::remove);
    }

    /// Everything that is wanted, for a store that knows nothing yet.
    public Changes takeAll() {
        lock.lock();
        try {
            changed.clear();
            return new Changes(List.copyOf(wanted), List.of());
        } finally {
            lock.unlock();
        }
    }

    /// What changed since the last call.
    public Changes takeChanges() {
        lock.lock();
        try {
            List<PartitionId> added = new ArrayList<>();
            List<PartitionId> dropped = new ArrayList<>();
            for (PartitionId id : changed) {
                (wanted.contains(id) ? added : dropped).add(id);
            }
            changed.clear();
            return new Changes(added, dropped);
        } finally {
            lock.unlock();
        }
    }

    private void change(PartitionId id, Change change) {
        lock.lock();
        try {
            if (change.of(id)) {
                changed.add(id);
            }
        } finally {
            lock.unlock();
        }
        listener.run();
    }

    @FunctionalInterface
    private interface Change {
        boolean of(PartitionId id);
    }
}
