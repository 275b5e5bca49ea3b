package io.millrace.api.http;

import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import io.millrace.model.Watermarks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What one follower of the tail was not told yet: merged to one entry per partition, the batches bounded in bytes.
///
/// When the bound is reached, further batches are left out, and the follower reads them when it wants them; watermarks
/// are never left out.
///
/// Threads: all methods from any thread. Units: bytes of batches.
final class TailNewsQueue {

    private static final int PARTITIONS_PER_MESSAGE = 2_000;

    /// A message is large enough to keep a connection busy, and small enough to be sent in turns with heartbeats.
    private static final int BYTES_PER_MESSAGE = 1 << 20;

    private final long bytesMax;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<PartitionId, Pending> waiting = new LinkedHashMap<>();
    private long bytes;
    private long leftOutBytes;

    TailNewsQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// One message: all batches lie below the watermarks beside them.
    record Message(List<Slice> slices, List<PartitionNews> moved, List<PartitionId> gone) {}

    /// No gap lies between the batches.
    record Slice(PartitionId partitionId, List<PlacedBatch> batches) {}

    private static final class Pending {
        private final Deque<PlacedBatch> batches = new ArrayDeque<>();
        /// Null once the partition is gone.
        private @Nullable Watermarks watermarks;

        Pending(@Nullable Watermarks watermarks) {
            this.watermarks = watermarks;
        }
    }

    /// The batches of a partition, and the watermarks that cover them.
    void moved(PartitionId id, Watermarks watermarks, List<PlacedBatch> batches) {
        lock.lock();
        try {
            Pending pending = waiting.computeIfAbsent(id, _ -> new Pending(watermarks));
            if (pending.watermarks == null) {
                return;
            }
            pending.watermarks = pending.watermarks.later(watermarks);
            batches.forEach(batch -> add(pending, batch));
        } finally {
            lock.unlock();
        }
    }

    private void add(Pending pending, PlacedBatch batch) {
        if (bytes + batch.sizeInBytes() > bytesMax) {
            leftOutBytes += batch.sizeInBytes();
        } else {
            pending.batches.add(batch);
            bytes += batch.sizeInBytes();
        }
    }

    void gone(PartitionId id) {
        lock.lock();
        try {
            drop(waiting.put(id, new Pending(null)));
        } finally {
            lock.unlock();
        }
    }

    void forget(PartitionId id) {
        lock.lock();
        try {
            drop(waiting.remove(id));
        } finally {
            lock.unlock();
        }
    }

    private void drop(@Nullable Pending pending) {
        if (pending != null) {
            pending.batches.forEach(batch -> bytes -= batch.sizeInBytes());
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Bytes of batches that wait.
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Bytes of batches that were never queued, since the last call.
    long takeLeftOutBytes() {
        lock.lock();
        try {
            long taken = leftOutBytes;
            leftOutBytes = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// What fits into one message, the partition that waits longest first.
    Message next() {
        Message message = new Message(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        lock.lock();
        try {
            int left = BYTES_PER_MESSAGE;
            while (!waiting.isEmpty() && left > 0 && size(message) < PARTITIONS_PER_MESSAGE) {
                Map.Entry<PartitionId, Pending> first =
                        waiting.entrySet().iterator().next();
                waiting.remove(first.getKey());
                left -= take(first.getKey(), first.getValue(), left, message);
                if (!first.getValue().batches.isEmpty()) {
                    waiting.put(first.getKey(), first.getValue());
                }
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    private static int size(Message message) {
        return message.moved().size() + message.gone().size();
    }

    /// @return bytes taken
    private int take(PartitionId id, Pending pending, int bytesWanted, Message message) {
        Watermarks watermarks = pending.watermarks;
        if (watermarks == null) {
            message.gone().add(id);
            return 0;
        }
        int taken = 0;
        long end = -1;
        while (taken < bytesWanted && !pending.batches.isEmpty()) {
            PlacedBatch batch = pending.batches.remove();
            if (batch.baseOffset() != end) {
                message.slices().add(new Slice(id, new ArrayList<>()));
            }
            message.slices().getLast().batches().add(batch);
            end = batch.endOffset();
            taken += batch.sizeInBytes();
        }
        bytes -= taken;
        message.moved().add(new PartitionNews(id, covered(watermarks, pending.batches.peek())));
        return taken;
    }

    /// The watermarks as they were before the first batch that has to wait for the next message.
    private static Watermarks covered(Watermarks watermarks, @Nullable PlacedBatch waitingBatch) {
        if (waitingBatch == null) {
            return watermarks;
        }
        long end = waitingBatch.baseOffset();
        Invariant.check(end <= watermarks.highWatermark(), "batches are told with watermarks that cover them");
        return new Watermarks(
                Math.min(watermarks.logStartOffset(), end),
                Math.min(watermarks.lastStableOffset(), end),
                end,
                watermarks.leaderEpoch());
    }
}
