package io.millrace.partition;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A run of index entries in a primitive array: 24 bytes a batch, side by side, so that an append meets one line of the
/// cache.
///
/// Threads: one writer. A reader sees the entries below a count that it read, which is written after them.
final class IndexChunk {

    static final int CAPACITY_MAX = 1024;

    /// Of each entry: its offset behind the chunk's and its size, as two ints in one long; then the other two.
    private static final int DELTA_AND_SIZE = 0;

    private static final int POSITION = 1;
    private static final int MAX_TIMESTAMP = 2;
    private static final int LONGS = 3;
    private static final VarHandle COUNT = countHandle();

    private final long baseOffset;
    private final int capacity;
    private final long[] entries;
    private long maxTimestamp = Long.MIN_VALUE;
    /// Written by the owner, last; others read it through [#count]. A volatile write would wait for all earlier ones.
    private int count;

    IndexChunk(long baseOffset, int capacity) {
        this.baseOffset = baseOffset;
        this.capacity = capacity;
        this.entries = new long[capacity * LONGS];
    }

    private static VarHandle countHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(IndexChunk.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    boolean admits(long offset) {
        return count < capacity && offset - baseOffset <= Integer.MAX_VALUE;
    }

    void add(IndexEntry entry) {
        int at = count;
        long delta = entry.baseOffset() - baseOffset;
        entries[at * LONGS + DELTA_AND_SIZE] = delta << Integer.SIZE | entry.sizeInLog();
        entries[at * LONGS + POSITION] = entry.position();
        entries[at * LONGS + MAX_TIMESTAMP] = entry.maxTimestamp();
        maxTimestamp = Math.max(maxTimestamp, entry.maxTimestamp());
        COUNT.setRelease(this, at + 1);
    }

    int capacity() {
        return capacity;
    }

    int count() {
        return (int) COUNT.getAcquire(this);
    }

    long baseOffset() {
        return baseOffset;
    }

    /// Of all entries; a reader may see that of newer ones already.
    long maxTimestamp() {
        return maxTimestamp;
    }

    long maxTimestamp(int at) {
        return entries[at * LONGS + MAX_TIMESTAMP];
    }

    long offset(int at) {
        return baseOffset + (entries[at * LONGS + DELTA_AND_SIZE] >>> Integer.SIZE);
    }

    long position(int at) {
        return entries[at * LONGS + POSITION];
    }

    int size(int at) {
        return (int) entries[at * LONGS + DELTA_AND_SIZE];
    }

    IndexEntry entry(int at) {
        return new IndexEntry(offset(at), position(at), size(at), maxTimestamp(at));
    }

    /// The last entry whose base offset is not larger than this offset; -1 if there is none.
    int floor(long offset) {
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (offset(middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// A chunk with the entries from this one on.
    IndexChunk from(int first) {
        IndexChunk rest = new IndexChunk(offset(first), capacity());
        for (int i = first; i < count(); i++) {
            rest.add(entry(i));
        }
        return rest;
    }
}
