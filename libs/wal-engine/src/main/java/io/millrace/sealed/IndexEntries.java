package io.millrace.sealed;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The sparse index of one run: where its stretches begin, and their largest timestamps.
///
/// Threads: one builds it; after that it does not change, and any thread reads.
/// Units: record offsets, file positions, milliseconds.
final class IndexEntries {

    private static final int LONGS = 3;
    private static final int FIRST_COUNT = 4;

    /// Three for each entry: base offset, file position, max timestamp.
    private long[] longs;
    private int count;

    IndexEntries() {
        this(new long[FIRST_COUNT * LONGS], 0);
    }

    private IndexEntries(long[] longs, int count) {
        this.longs = longs;
        this.count = count;
    }

    void add(long baseOffset, long filePosition) {
        if (LONGS * count == longs.length) {
            longs = Arrays.copyOf(longs, 2 * longs.length);
        }
        longs[LONGS * count] = baseOffset;
        longs[LONGS * count + 1] = filePosition;
        longs[LONGS * count + 2] = Long.MIN_VALUE;
        count++;
    }

    /// Of the last entry.
    void raiseMaxTimestamp(long timestamp) {
        int at = LONGS * (count - 1) + 2;
        longs[at] = Math.max(longs[at], timestamp);
    }

    int count() {
        return count;
    }

    long baseOffset(int at) {
        return longs[LONGS * at];
    }

    long filePosition(int at) {
        return longs[LONGS * at + 1];
    }

    long maxTimestamp(int at) {
        return longs[LONGS * at + 2];
    }

    long lastPosition() {
        return filePosition(count - 1);
    }

    /// The last stretch that begins at or before this offset; the first one if none does.
    int floor(long offset) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (baseOffset(middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(0, high);
    }

    int sizeInBytes() {
        return count * SealedFormat.INDEX_ENTRY_BYTES;
    }

    void encode(ByteBuffer target) {
        for (int i = 0; i < LONGS * count; i++) {
            target.putLong(longs[i]);
        }
    }

    static IndexEntries decode(ByteBuffer source) {
        long[] longs = new long[source.remaining() / Long.BYTES];
        source.asLongBuffer().get(longs);
        return new IndexEntries(longs, longs.length / LONGS);
    }
}
