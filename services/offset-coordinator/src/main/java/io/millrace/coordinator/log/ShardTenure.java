package io.millrace.coordinator.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One owner's time with one shard: appends go to the store at once and side by side, and become durable in order.
///
/// Threads: `append` by one thread at a time (the coordinator's shard lock); completions on the store's threads.
/// Errors: after a put that failed, or found its slot taken, nothing later is reported durable; see [ShardEvents#lost].
public final class ShardTenure {

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
    private boolean isLost;

    private volatile @Nullable Runnable foldTrigger;

    ShardTenure(LogContents contents, GroupStore store, GroupLogOptions options, LogClock clock, ShardEvents events) {
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

    public int shard() {
        return shard;
    }

    public int epoch() {
        return epoch;
    }

    /// Takes a batch and starts its put.
    ///
    /// @param bytes kept and not copied; nobody may write into them any more
    public Admission append(byte[] bytes, int count) {
        Pending put;
        stateLock.lock();
        try {
            if (isLost) {
                return new Admission.Resigned();
            }
            if (inFlightBytes > 0 && inFlightBytes + bytes.length > options.inFlightBytesMax()) {
                return new Admission.Busy(inFlightBytes + " bytes of shard " + shard + " are not durable yet");
            }
            if (tail.size() + pending.size() >= options.tailBatchesMax()) {
                return new Admission.Busy(tail.size() + " batches of shard " + shard + " are not folded yet");
            }
            put = new Pending(nextSequence, nextSequence + count, bytes.length, clock.nanoTime());
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
            events.putCompleted(clock.nanoTime() - put.startedNanos, put.byteCount);
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

    /// Ends the tenure from the owner's side, without a word to [ShardEvents].
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
            return isLost
                    ? List.of()
                    : tail.stream().limit(options.foldAfterBatches()).toList();
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

    public TenureStatus status() {
        stateLock.lock();
        try {
            long oldestNanos = pending.isEmpty() ? 0 : clock.nanoTime() - pending.getFirst().startedNanos;
            return new TenureStatus(epoch, nextSequence, pending.size(), inFlightBytes, oldestNanos, tail.size());
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
