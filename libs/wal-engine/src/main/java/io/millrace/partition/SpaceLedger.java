package io.millrace.partition;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of each segment belong to batches that can still be read.
///
/// Threads: the commit thread changes it, the upkeep thread forgets segments that are gone; any thread may look.
/// Units: WAL positions, bytes.
public final class SpaceLedger {

    /// By base position. Only the commit thread changes the counts, so it needs no atomic addition, which would wait
    /// for all that was written before, with each batch.
    private final ConcurrentSkipListMap<Long, AtomicLong> liveBytes = new ConcurrentSkipListMap<>();

    /// Written by the commit thread.
    private volatile boolean hasDead;

    private final SealedLedger sealed = new SealedLedger();
    private long newestSegment = Long.MAX_VALUE;
    private AtomicLong newestLiveBytes = new AtomicLong();
    /// Where the last look was: neighbours of the index mostly lie in the same segment.
    private long seenFrom;

    private long seenTo;
    private AtomicLong seenLiveBytes = newestLiveBytes;

    /// The same for sealed files.
    public SealedLedger sealed() {
        return sealed;
    }

    /// From this position on the log is in the segment that begins here.
    public void open(long basePosition) {
        if (basePosition != newestSegment) {
            if (newestSegment != Long.MAX_VALUE && newestLiveBytes.get() == 0) {
                hasDead = true;
            }
            newestSegment = basePosition;
            newestLiveBytes = liveBytes.computeIfAbsent(basePosition, _ -> new AtomicLong());
        }
    }

    void add(IndexEntry entry) {
        boolean _ = change(entry.position(), entry.sizeInLog());
    }

    void remove(IndexEntry entry) {
        if (change(entry.position(), -entry.sizeInLog()) && entry.position() < newestSegment) {
            hasDead = true;
        }
    }

    /// Returns whether nothing lives there any more.
    private boolean change(long position, long bytes) {
        AtomicLong live = at(position);
        long changed = live.getPlain() + bytes;
        live.setRelease(changed);
        return changed == 0;
    }

    private AtomicLong at(long position) {
        if (position >= newestSegment) {
            return newestLiveBytes;
        }
        if (position < seenFrom || position >= seenTo) {
            Map.Entry<Long, AtomicLong> segment = liveBytes.floorEntry(position);
            seenFrom = segment.getKey();
            seenTo = liveBytes.higherKey(position);
            seenLiveBytes = segment.getValue();
        }
        return seenLiveBytes;
    }

    public long liveBytes(long segment) {
        AtomicLong bytes = liveBytes.get(segment);
        return bytes == null ? 0 : bytes.get();
    }

    /// Whether a segment died since the dead ones were taken.
    public boolean hasDead() {
        return hasDead;
    }

    /// The segments but the newest in which nothing lives. Called by the commit thread.
    public Set<Long> takeDead() {
        hasDead = false;
        Set<Long> dead = new TreeSet<>();
        for (Map.Entry<Long, AtomicLong> segment : liveBytes.entrySet()) {
            if (segment.getValue().get() == 0 && segment.getKey() < liveBytes.lastKey()) {
                dead.add(segment.getKey());
            }
        }
        return dead;
    }

    public void forget(Set<Long> segments) {
        liveBytes.keySet().removeAll(segments);
    }
}
