package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Which partitions this process wants news of: [TailFeed] says so, and the feed's connection tells it to the store.
///
/// Threads: all methods from any thread.
public final class TailSubscriptions {

    /// Guards both collections.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<PartitionId, TailContent> wanted = new HashMap<>();
    private final Set<PartitionId> changed = new LinkedHashSet<>();

    /// Written when the feed is opened, read by whoever subscribes.
    private volatile Runnable listener = () -> {};

    /// What to tell the store; a partition that changed twice is in the list of its last change.
    public record Changes(List<Added> added, List<PartitionId> dropped) {
        public boolean isEmpty() {
            return added.isEmpty() && dropped.isEmpty();
        }
    }

    /// A partition that is wanted from now on, or with other content than before.
    public record Added(PartitionId partitionId, TailContent content) {}

    /// Called after each change, on the thread that made it; must be quick.
    public void onChange(Runnable action) {
        listener = action;
    }

    /// How many partitions are wanted.
    public int count() {
        lock.lock();
        try {
            return wanted.size();
        } finally {
            lock.unlock();
        }
    }

    void add(PartitionId id, TailContent content) {
        lock.lock();
        try {
            if (wanted.put(id, content) != content) {
                changed.add(id);
            }
        } finally {
            lock.unlock();
        }
        listener.run();
    }

    void drop(PartitionId id) {
        lock.lock();
        try {
            if (wanted.remove(id) != null) {
                changed.add(id);
            }
        } finally {
            lock.unlock();
        }
        listener.run();
    }

    /// Everything that is wanted, for a store that knows nothing yet.
    public Changes takeAll() {
        lock.lock();
        try {
            changed.clear();
            return changes(wanted.keySet());
        } finally {
            lock.unlock();
        }
    }

    /// What changed since the last call.
    public Changes takeChanges() {
        lock.lock();
        try {
            Changes changes = changes(changed);
            changed.clear();
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private Changes changes(Set<PartitionId> ids) {
        List<Added> added = new ArrayList<>();
        List<PartitionId> dropped = new ArrayList<>();
        for (PartitionId id : ids) {
            TailContent content = wanted.get(id);
            if (content == null) {
                dropped.add(id);
            } else {
                added.add(new Added(id, content));
            }
        }
        return new Changes(added, dropped);
    }
}
