package io.millrace.fetch.cache;

import io.millrace.api.feed.TailSlice;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Batches of any partitions in bounded memory, as they were received, shared by all readers. Each list of
/// batches that comes in is expected to have a buffer of its own, which the bound counts.
///
/// The tail and the past have a bound each, so that a reader of the past never pushes out what all others wait for.
/// What is here was committed and changes only by compaction, so nothing has to be made invalid but what
/// [CacheAges] bounds; what nobody may read any more ages out.
///
/// Threads: all methods from any thread; readers take no lock. Units: record offsets, bytes.
public final class BatchCache {

    private final Map<PartitionId, NavigableMap<Long, CachedRange>> partitions = new ConcurrentHashMap<>();

    /// Guards the pools and all changes of `partitions`.
    private final ReentrantLock lock = new ReentrantLock();

    private final Pool tail;
    private final Pool past;
    private final CacheAges ages;

    public BatchCache(long tailBytesMax, long pastBytesMax, CacheAges ages) {
        this.tail = new Pool(tailBytesMax);
        this.past = new Pool(pastBytesMax);
        this.ages = ages;
    }

    /// What the tail feed pushed.
    public void add(TailSlice slice) {
        if (!slice.batches().isEmpty()) {
            add(slice.partitionId(), slice.batches().getFirst().baseOffset(), slice.batches(), tail);
        }
    }

    /// What was read from this offset on; the first batch may begin later only if nothing lies between.
    void addPast(PartitionId id, long fromOffset, List<RecordBatch> batches) {
        if (!batches.isEmpty()) {
            add(id, Math.min(fromOffset, batches.getFirst().baseOffset()), batches, past);
        }
    }

    long tailBytes() {
        return tail.bytes();
    }

    long pastBytes() {
        return past.bytes();
    }

    /// Batches without a gap from the one that covers the offset: whole ones below the end, and no more bytes than
    /// wanted but for the first batch; empty if the offset is not here.
    CachedPage read(PartitionId id, long fromOffset, long endOffset, long bytesMax) {
        NavigableMap<Long, CachedRange> ranges = ranges(id);
        Map.Entry<Long, CachedRange> floor = ranges.floorEntry(fromOffset);
        CachedPage page = new CachedPage(fromOffset, endOffset, bytesMax);
        CacheAges.Limit limit = ages.limit(id);
        CachedRange range = floor == null ? null : floor.getValue();
        while (range != null && range.endOffset() > page.nextOffset() && limit.allows(range) && page.add(range)) {
            range = ranges.get(page.nextOffset());
        }
        return page;
    }

    /// Where what is here from this offset on ends; negative if so many bytes follow the range of this offset.
    long endOfRun(PartitionId id, long offset, long bytesMax) {
        NavigableMap<Long, CachedRange> ranges = ranges(id);
        Map.Entry<Long, CachedRange> floor = ranges.floorEntry(offset);
        CachedRange range = floor == null ? null : floor.getValue();
        CacheAges.Limit limit = ages.limit(id);
        long end = offset;
        long bytes = 0;
        while (range != null && range.endOffset() > end && limit.allows(range)) {
            if (bytes >= bytesMax) {
                return -1;
            }
            bytes += end == offset ? 0 : range.memoryBytes();
            end = range.endOffset();
            range = ranges.get(end);
        }
        return end;
    }

    private NavigableMap<Long, CachedRange> ranges(PartitionId id) {
        return partitions.getOrDefault(id, Collections.emptyNavigableMap());
    }

    private void add(PartitionId id, long baseOffset, List<RecordBatch> batches, Pool pool) {
        lock.lock();
        try {
            NavigableMap<Long, CachedRange> ranges = partitions.computeIfAbsent(id, _ -> new ConcurrentSkipListMap<>());
            dropOld(ranges, baseOffset, batches.getLast().endOffset(), ages.limit(id));
            CachedRange fresh = missing(ranges, baseOffset, batches, pool, id);
            if (fresh != null) {
                ranges.put(fresh.baseOffset(), fresh);
                pool.add(fresh, this::evict);
            }
        } finally {
            lock.unlock();
        }
    }

    /// What is too old would keep the place of what was read anew. Its memory counts until its turn comes in its pool.
    private static void dropOld(NavigableMap<Long, CachedRange> ranges, long from, long end, CacheAges.Limit limit) {
        Long covering = ranges.floorKey(from);
        ranges.subMap(covering == null ? from : covering, true, end, false)
                .values()
                .removeIf(range -> !limit.allows(range));
    }

    /// The part that is not here yet: neighbours keep what they have, and nothing of it is kept twice.
    private @Nullable CachedRange missing(
            NavigableMap<Long, CachedRange> ranges, long from, List<RecordBatch> batches, Pool pool, PartitionId id) {
        Map.Entry<Long, CachedRange> before = ranges.floorEntry(from);
        long start = before == null ? from : Math.max(from, before.getValue().endOffset());
        Map.Entry<Long, CachedRange> after = ranges.ceilingEntry(start);
        long end = after == null ? Long.MAX_VALUE : after.getKey();
        List<RecordBatch> kept = new ArrayList<>();
        for (RecordBatch batch : batches) {
            if (batch.endOffset() > start && batch.baseOffset() < end) {
                kept.add(batch);
            }
        }
        if (kept.isEmpty()) {
            return null;
        }
        boolean isAll = kept.size() == batches.size();
        return new CachedRange(id, start, isAll ? kept : ExactBuffer.of(kept), pool, ages.nowNanos());
    }

    private void evict(CachedRange range) {
        NavigableMap<Long, CachedRange> ranges = partitions.get(range.partitionId());
        if (ranges != null) {
            ranges.remove(range.baseOffset(), range);
            if (ranges.isEmpty()) {
                partitions.remove(range.partitionId());
            }
        }
    }
}
