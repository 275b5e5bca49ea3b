package io.millrace.fetch.cache;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import java.util.List;

/// All batches of one partition between two offsets, in a buffer that holds nothing else.
///
/// Threads: immutable, but for the mark of its use, which any reader sets and the pool clears.
/// Units: record offsets, bytes of memory, nanoseconds of the cache's clock.
final class CachedRange {

    /// What a range and each of its batches need beside the records.
    private static final int RANGE_BYTES = 256;

    private static final int BATCH_BYTES = 96;

    private final PartitionId partitionId;
    private final long baseOffset;
    private final long endOffset;
    private final List<RecordBatch> batches;
    private final Pool pool;
    private final long recordBytes;
    private final long addedNanos;
    private volatile boolean isUsed;

    /// @param baseOffset nothing lies between it and the first batch
    CachedRange(PartitionId partitionId, long baseOffset, List<RecordBatch> batches, Pool pool, long addedNanos) {
        this.partitionId = partitionId;
        this.baseOffset = baseOffset;
        this.endOffset = batches.getLast().endOffset();
        this.batches = List.copyOf(batches);
        this.pool = pool;
        this.addedNanos = addedNanos;
        this.recordBytes = batches.stream().mapToLong(RecordBatch::sizeInBytes).sum();
    }

    PartitionId partitionId() {
        return partitionId;
    }

    long baseOffset() {
        return baseOffset;
    }

    long endOffset() {
        return endOffset;
    }

    List<RecordBatch> batches() {
        return batches;
    }

    long addedNanos() {
        return addedNanos;
    }

    Pool pool() {
        return pool;
    }

    /// The index of the first batch that has this offset or a later one.
    int indexOf(long offset) {
        int low = 0;
        int high = batches.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (batches.get(middle).endOffset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    long recordBytes() {
        return recordBytes;
    }

    long memoryBytes() {
        return RANGE_BYTES + (long) BATCH_BYTES * batches.size() + recordBytes;
    }

    void markUsed() {
        if (!isUsed) {
            isUsed = true;
        }
    }

    /// Whether it was used since the last call.
    boolean takeUsed() {
        boolean wasUsed = isUsed;
        isUsed = false;
        return wasUsed;
    }
}
