package io.millrace.coordinator.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A tenure on this node's store: appends go to the store at once and side by side, and become durable in order.
///
/// Threads: as [ShardTenure]; completions on the store's threads.
final class LocalTenure implements ShardTenure {

    private final GroupStore store;
    private final GroupLogOptions options;
    private final LogClock clock;
    private final ShardEvents events;
    private final int shard;
    private final int epoch;

    /// Guards everything below.
    private final ReentrantLock stateLock = new ReentrantLock();

    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<TailSlot> tail;
    private long nextSequence;
    private long inFlightBytes;
    private long tailBytes;
    /// When a put completed last, or the first of those in flight was started.
    private long progressNanos;
    private boolean isLost;

    private volatile @Nullable Runnable foldTrigger;

    LocalTenure(LogContents contents, GroupStore store, GroupLogOptions options, LogClock clock, ShardEvents events) {
        this.store = store;
        this.options = options;
        this.clock = clock;
        this.events = events;
        shard = contents.shard();
        epoch = contents.epoch();
        nextSequence = contents.nextSequence();
        tail = new ArrayDeque<>(contents.tail());
        for (TailSlot slot : tail) {
            tailBytes += slot.byteCount();
        }
    }

    void foldBy(Runnable trigger) {
        foldTrigger = trigger;
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    /// Takes a batch and starts its put.
    @Override
    public Admission append(byte[] bytes, int count) {
        Pending put;
        stateLock.lock();
        try {
            if (isLost) {
                return new Admission.Resigned();
            }
            if (store.isFull()) {
                return new Admission.Busy("the disk is full");
            }
            if (inFlightBytes > 0 && inFlightBytes + bytes.length > options.inFlightBytesMax()) {
                return new Admission.Busy(inFlightBytes + " bytes of shard " + shard + " are not durable yet");
            }
            if (tail.size() + pending.size() >= options.tailBatchesMax()) {
                return new Admission.Busy(tail.size() + " batches of shard " + shard + " are not folded yet");
            }
            long unfoldedBytes = tailBytes + inFlightBytes;
            // A fold is due then, or will be. A batch is never refused for its own size: none might ever be due.
            if (unfoldedBytes > options.tailBytesMax()) {
                return new Admission.Busy(unfoldedBytes + " bytes of shard " + shard + " are not folded yet");
            }
            long nowNanos = clock.nanoTime();
            if (pending.isEmpty()) {
                progressNanos = nowNanos;
            }
            put = new Pending(nextSequence, nextSequence + count, bytes.length, nowNanos);
            nextSequence = put.end;
            inFlightBytes += put.byteCount;
            pending.addLast(put);
        } finally {
            stateLock.unlock();
        }
        byte[] value = new StoredBatch(StoredBatch.Kind.RECORDS, epoch, count, bytes).encode();
        var _ = store.putIfAbsent(Slot.batch(shard, put.first), value)
                .whenComplete((isPut, failure) -> completed(put, isPut, failure));
        return new Admission.Accepted(put.end);
    }

    private void completed(Pending put, @Nullable Boolean isPut, @Nullable Throwable failure) {
        stateLock.lock();
        try {
            put.isDone = true;
            if (failure != null) {
                put.problem = "put at " + put.first + " failed: " + failure;
            } else if (!Boolean.TRUE.equals(isPut)) {
                put.problem = "slot " + put.first + " was taken by another owner";
            }
            progressNanos = clock.nanoTime();
            events.putCompleted(progressNanos - put.startedNanos, put.byteCount);
            advance();
        } finally {
            stateLock.unlock();
        }
        Runnable trigger = foldTrigger;
        if (trigger != null && isFoldDue()) {
            trigger.run();
        }
    }

    /// In order: a batch counts only when everything before it does.
    private void advance() {
        long durableEnd = -1;
        while (!isLost && !pending.isEmpty() && pending.getFirst().isDone) {
            Pending head = pending.removeFirst();
            String problem = head.problem;
            if (problem != null) {
                lose(problem);
            } else {
                inFlightBytes -= head.byteCount;
                tailBytes += head.byteCount;
                tail.addLast(new TailSlot(head.first, head.end, head.byteCount));
                durableEnd = head.end;
            }
        }
        if (durableEnd >= 0) {
            events.durable(durableEnd);
        }
    }

    private void lose(String why) {
        isLost = true;
        pending.clear();
        events.lost(why);
    }

    /// A put that neither succeeds nor fails holds up everything behind it: memory goes ahead of the store, and nobody
    /// would ever be answered.
    void loseIfStalled() {
        stateLock.lock();
        try {
            long waitedNanos = clock.nanoTime() - progressNanos;
            if (!isLost
                    && !pending.isEmpty()
                    && waitedNanos >= options.putTimeout().toNanos()) {
                lose("no put has completed for " + options.putTimeout() + ", " + pending.size() + " are under way");
            }
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    public CompletableFuture<Boolean> isCurrent() {
        Slot slot = Slot.state(shard);
        return store.get(slot).thenApply(stored -> !isLost() && isOwn(stored, slot));
    }

    private boolean isLost() {
        stateLock.lock();
        try {
            return isLost;
        } finally {
            stateLock.unlock();
        }
    }

    private boolean isOwn(Optional<byte[]> stored, Slot slot) {
        try {
            return stored.isPresent() && ShardRecord.decode(stored.get(), slot).epoch() == epoch;
        } catch (GroupStoreException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void resign() {
        stateLock.lock();
        try {
            isLost = true;
            pending.clear();
        } finally {
            stateLock.unlock();
        }
    }

    boolean isFoldDue() {
        stateLock.lock();
        try {
            return !isLost && (tail.size() >= options.foldAfterBatches() || tailBytes >= options.foldAfterBytes());
        } finally {
            stateLock.unlock();
        }
    }

    /// The oldest durable batches, at most as many as one fold takes.
    List<TailSlot> oldestOfTail() {
        stateLock.lock();
        try {
            List<TailSlot> oldest = new ArrayList<>();
            long bytes = 0;
            for (TailSlot slot : isLost ? List.<TailSlot>of() : tail) {
                bytes += slot.byteCount();
                boolean isMuch = oldest.size() == options.foldAfterBatches() || bytes > options.foldAfterBytes();
                if (isMuch && !oldest.isEmpty()) {
                    break;
                }
                oldest.add(slot);
            }
            return oldest;
        } finally {
            stateLock.unlock();
        }
    }

    void folded(List<TailSlot> slots) {
        stateLock.lock();
        try {
            for (TailSlot slot : new ArrayList<>(slots)) {
                tail.removeFirst();
                tailBytes -= slot.byteCount();
            }
            events.folded(slots.size());
        } finally {
            stateLock.unlock();
        }
    }

    @Override
    public TenureStatus status() {
        stateLock.lock();
        try {
            long oldestNanos = pending.isEmpty() ? 0 : clock.nanoTime() - pending.getFirst().startedNanos;
            long durableEnd = pending.isEmpty() ? nextSequence : pending.getFirst().first;
            return new TenureStatus(
                    epoch,
                    tail.isEmpty() ? durableEnd : tail.getFirst().first(),
                    durableEnd,
                    nextSequence,
                    pending.size(),
                    inFlightBytes,
                    oldestNanos,
                    tail.size());
        } finally {
            stateLock.unlock();
        }
    }

    private static final class Pending {
        private final long first;
        private final long end;
        private final int byteCount;
        private final long startedNanos;
        private boolean isDone;
        private @Nullable String problem;

        private Pending(long first, long end, int byteCount, long startedNanos) {
            this.first = first;
            this.end = end;
            this.byteCount = byteCount;
            this.startedNanos = startedNanos;
        }
    }
}
