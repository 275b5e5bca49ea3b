package io.millrace.fetch.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Ranges that share a bound of memory; the oldest goes first, unless it was used since it came up for that last.
///
/// Threads: under the cache's lock. Units: bytes of memory.
/// Source: the clock (second chance) algorithm.
final class Pool {

    private final long bytesMax;
    private final Deque<CachedRange> ranges = new ArrayDeque<>();
    /// Written under the cache's lock, read by anyone.
    private volatile long bytes;

    Pool(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long bytes() {
        return bytes;
    }

    long bytesMax() {
        return bytesMax;
    }

    /// Takes a range in.
    ///
    /// @param evicted gets those that make room for it
    void add(CachedRange range, Consumer<CachedRange> evicted) {
        ranges.addLast(range);
        long held = bytes + range.memoryBytes();
        while (held > bytesMax) {
            CachedRange oldest = ranges.removeFirst();
            if (oldest.takeUsed() && oldest != range) {
                ranges.addLast(oldest);
            } else {
                held -= oldest.memoryBytes();
                evicted.accept(oldest);
            }
        }
        bytes = held;
    }
}
