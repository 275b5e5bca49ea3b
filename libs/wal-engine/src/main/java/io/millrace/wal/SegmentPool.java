package io.millrace.wal;

import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Segments that are prepared and wait for their first round, usually one, and files to make more of them.
///
/// Threads: the upkeep thread prepares, the commit thread takes and, if there is none, prepares for itself.
final class SegmentPool {

    private final WalStorage storage;
    private final LogIdentity identity;
    private final SegmentOptions options;
    private final Clock clock;
    private final RandomGenerator random;

    private final ReentrantLock poolLock = new ReentrantLock();
    /// Guarded by `poolLock`, and so is `random`.
    private final ArrayDeque<Segment> prepared;

    /// Files of segments that are no more, under names that mean nothing.
    private final ArrayDeque<String> freed = new ArrayDeque<>();

    private long nextBasePosition;
    /// Written under `poolLock`; read without it, because preparing a segment takes long.
    private volatile int size;

    private volatile boolean isDiskFull;
    /// Of the disk, beside what a new segment takes.
    private volatile long spareBytes;

    SegmentPool(WalStorage storage, LogIdentity identity, SegmentOptions options, Recovered recovered) {
        this.storage = storage;
        this.identity = identity;
        this.options = options;
        this.clock = options.clock();
        this.random = options.random();
        this.prepared = new ArrayDeque<>(recovered.prepared());
        this.size = prepared.size();
        this.nextBasePosition = recovered.nextBasePosition();
        this.spareBytes = options.spareBytesMin();
    }

    /// What recovery found for the pool.
    record Recovered(List<Segment> prepared, long nextBasePosition) {}

    /// Prepares a segment unless one is ready.
    ///
    /// @return whether one is ready now; if not, the disk is full
    boolean prepareIfEmpty() throws IOException {
        poolLock.lock();
        try {
            if (prepared.isEmpty()) {
                prepare();
            }
            return !prepared.isEmpty();
        } finally {
            poolLock.unlock();
        }
    }

    private void prepare() throws IOException {
        try {
            long salt = random.nextLong();
            SegmentHeader header =
                    new SegmentHeader(identity, options.segmentBytes(), nextBasePosition, salt, clock.millis());
            prepared.add(prepare(header));
            size = prepared.size();
            nextBasePosition = header.endOfSegment();
            isDiskFull = false;
        } catch (DiskFullException full) {
            // Told by the pool's state: the segment was not in use yet, so no harm is done and a later try may
            // succeed.
            isDiskFull = true;
        }
    }

    private Segment prepare(SegmentHeader header) throws IOException {
        String freedName = freed.poll();
        if (freedName != null) {
            return Segment.prepare(storage, header, freedName);
        }
        long usable = storage.usableBytes();
        if (usable < options.segmentBytes() + spareBytes) {
            throw new DiskFullException("only " + usable + " bytes are left");
        }
        return Segment.prepare(storage, header);
    }

    /// How many more files of this size it would use again.
    int roomForFreed(int segmentBytes) {
        poolLock.lock();
        try {
            return segmentBytes == options.segmentBytes() ? options.recycledCountMax() - freed.size() : 0;
        } finally {
            poolLock.unlock();
        }
    }

    /// Files whose new names are durable.
    void recycle(List<String> freedNames) {
        poolLock.lock();
        try {
            freed.addAll(freedNames);
        } finally {
            poolLock.unlock();
        }
    }

    /// Null if none is ready.
    @Nullable
    Segment take() {
        poolLock.lock();
        try {
            Segment next = prepared.poll();
            size = prepared.size();
            return next;
        } finally {
            poolLock.unlock();
        }
    }

    void keepFree(long bytes) {
        spareBytes = Math.max(options.spareBytesMin(), bytes);
    }

    long spareBytes() {
        return spareBytes;
    }

    int size() {
        return size;
    }

    int segmentBytes() {
        return options.segmentBytes();
    }

    boolean isDiskFull() {
        return isDiskFull;
    }

    void close() throws IOException {
        poolLock.lock();
        try {
            for (Segment segment : prepared) {
                segment.release();
            }
            prepared.clear();
            size = 0;
        } finally {
            poolLock.unlock();
        }
    }
}
