package io.millrace.partition;

/// A run of index entries in primitive arrays of fixed size: 24 bytes a batch.
///
/// Threads: one writer. A reader sees the entries below a count that it read, which is written after them.
final class IndexChunk {

    static final int CAPACITY_MAX = 1024;

    private final long baseOffset;
    private final int[] offsetDeltas;
    private final int[] sizes;
    private final long[] positions;
    private final long[] maxTimestamps;
    private long maxTimestamp = Long.MIN_VALUE;
    /// Written by the owner, last.
    private volatile int count;

    IndexChunk(long baseOffset, int capacity) {
        this.baseOffset = baseOffset;
        this.offsetDeltas = new int[capacity];
        this.sizes = new int[capacity];
        this.positions = new long[capacity];
        this.maxTimestamps = new long[capacity];
    }

    boolean admits(long offset) {
        return count < offsetDeltas.length && offset - baseOffset <= Integer.MAX_VALUE;
    }

    void add(IndexEntry entry) {
        int at = count;
        offsetDeltas[at] = (int) (entry.baseOffset() - baseOffset);
        sizes[at] = entry.sizeInLog();
        positions[at] = entry.position();
        maxTimestamps[at] = entry.maxTimestamp();
        maxTimestamp = Math.max(maxTimestamp, entry.maxTimestamp());
        count = at + 1;
    }

    int capacity() {
        return offsetDeltas.length;
    }

    int count() {
        return count;
    }

    long baseOffset() {
        return baseOffset;
    }

    /// Of all entries; a reader may see that of newer ones already.
    long maxTimestamp() {
        return maxTimestamp;
    }

    long maxTimestamp(int at) {
        return maxTimestamps[at];
    }

    long offset(int at) {
        return baseOffset + offsetDeltas[at];
    }

    long position(int at) {
        return positions[at];
    }

    int size(int at) {
        return sizes[at];
    }

    IndexEntry entry(int at) {
        return new IndexEntry(offset(at), positions[at], sizes[at], maxTimestamps[at]);
    }

    /// The last entry whose base offset is not larger than this offset; -1 if there is none.
    int floor(long offset) {
        int low = 0;
        int high = count - 1;
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
        for (int i = first; i < count; i++) {
            rest.add(entry(i));
        }
        return rest;
    }
}
