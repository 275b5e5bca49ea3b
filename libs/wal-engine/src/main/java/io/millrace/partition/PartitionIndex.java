package io.millrace.partition;

import io.millrace.model.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds a partition's batches by offset or timestamp.
///
/// An entry covers the offsets from its own base offset to the next entry's.
///
/// Threads: the commit thread adds and truncates; any thread looks up. Readers bound what they take by the high
/// watermark that they read before.
final class PartitionIndex {

    private static final int FIRST_CAPACITY = 8;

    /// Written by the owner; an array is never changed after it was published here.
    private volatile IndexChunk[] chunks = {};
    /// Of the commit thread: the last of them, so that most batches need not look at the array.
    private @Nullable IndexChunk newest;

    void add(IndexEntry entry) {
        IndexChunk last = newest;
        if (last != null && last.admits(entry.baseOffset())) {
            last.add(entry);
            return;
        }
        IndexChunk[] known = chunks;
        int capacity = last == null ? FIRST_CAPACITY : Math.min(2 * last.capacity(), IndexChunk.CAPACITY_MAX);
        IndexChunk chunk = new IndexChunk(entry.baseOffset(), capacity);
        chunk.add(entry);
        IndexChunk[] longer = Arrays.copyOf(known, known.length + 1);
        longer[known.length] = chunk;
        chunks = longer;
        newest = chunk;
    }

    /// Drops the entries that cover only offsets below this one.
    ///
    /// @param endOffset of the log: where the last entry's batch ends
    /// @param dropped hears of each
    void truncateBefore(long offset, long endOffset, Consumer<IndexEntry> dropped) {
        IndexChunk[] known = chunks;
        if (offset >= endOffset) {
            tell(known, known.length, 0, dropped);
            chunks = new IndexChunk[0];
            newest = null;
            return;
        }
        int chunk = chunkOf(known, offset);
        if (chunk < 0) {
            return;
        }
        int entry = known[chunk].floor(offset);
        if (chunk == 0 && entry == 0) {
            return;
        }
        tell(known, chunk, entry, dropped);
        IndexChunk[] rest = Arrays.copyOfRange(known, chunk, known.length);
        rest[0] = entry == 0 ? known[chunk] : known[chunk].from(entry);
        chunks = rest;
        newest = rest[rest.length - 1];
    }

    private static void tell(IndexChunk[] known, int chunkCount, int entryCount, Consumer<IndexEntry> dropped) {
        for (int chunk = 0; chunk < chunkCount; chunk++) {
            for (int i = 0; i < known[chunk].count(); i++) {
                dropped.accept(known[chunk].entry(i));
            }
        }
        for (int i = 0; i < entryCount; i++) {
            dropped.accept(known[chunkCount].entry(i));
        }
    }

    long count() {
        long count = 0;
        for (IndexChunk chunk : chunks) {
            count += chunk.count();
        }
        return count;
    }

    /// The last chunk that begins at or before this offset; -1 if there is none.
    private static int chunkOf(IndexChunk[] known, long offset) {
        int low = 0;
        int high = known.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (known[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// The entries of consecutive batches, the first of which covers the offset, up to this many bytes of the log;
    /// the first one is there even if it is larger.
    List<IndexEntry> find(long fromOffset, long endOffset, long bytesMax) {
        IndexChunk[] known = chunks;
        List<IndexEntry> found = new ArrayList<>();
        if (known.length == 0 || fromOffset >= endOffset) {
            return found;
        }
        int chunk = Math.max(0, chunkOf(known, fromOffset));
        int at = Math.max(0, known[chunk].floor(fromOffset));
        long bytes = 0;
        while (true) {
            if (at == known[chunk].count()) {
                chunk++;
                at = 0;
                if (chunk == known.length) {
                    return found;
                }
            }
            IndexEntry entry = known[chunk].entry(at++);
            if (entry.baseOffset() >= endOffset) {
                return found;
            }
            bytes += entry.sizeInLog();
            if (!found.isEmpty() && bytes > bytesMax) {
                return found;
            }
            found.add(entry);
        }
    }

    /// Of the first entry.
    ///
    /// @param otherwise if there is none
    long firstOffset(long otherwise) {
        IndexChunk[] known = chunks;
        return known.length == 0 ? otherwise : known[0].baseOffset();
    }

    /// How many bytes of the log the entries have that lie before this position.
    long bytesBefore(long position) {
        long bytes = 0;
        for (IndexChunk chunk : chunks) {
            for (int i = 0; i < chunk.count(); i++) {
                if (chunk.position(i) >= position) {
                    return bytes;
                }
                bytes += chunk.size(i);
            }
        }
        return bytes;
    }

    /// The entries of the batches that lie in a stretch of the log, each with the offset behind it.
    ///
    /// @param endOffset behind the last entry of all
    List<CoveringEntry> between(long position, long endPosition, long endOffset) {
        List<CoveringEntry> found = new ArrayList<>();
        IndexEntry previous = null;
        for (IndexChunk chunk : chunks) {
            for (int i = 0; i < chunk.count(); i++) {
                if (previous != null) {
                    found.add(new CoveringEntry(previous, chunk.offset(i)));
                    previous = null;
                }
                if (chunk.position(i) >= endPosition) {
                    return found;
                }
                if (chunk.position(i) >= position) {
                    previous = chunk.entry(i);
                }
            }
        }
        if (previous != null) {
            found.add(new CoveringEntry(previous, endOffset));
        }
        return found;
    }

    /// The first batch behind this base offset with a record of this timestamp or a later one.
    Optional<IndexEntry> atTimestamp(long timestampMillis, long behindOffset, long endOffset) {
        for (IndexChunk chunk : chunks) {
            if (chunk.maxTimestamp() >= timestampMillis) {
                for (int i = 0; i < chunk.count(); i++) {
                    if (chunk.offset(i) >= endOffset) {
                        return Optional.empty();
                    }
                    if (chunk.maxTimestamp(i) >= timestampMillis && chunk.offset(i) > behindOffset) {
                        return Optional.of(chunk.entry(i));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /// The first of the batches with the largest timestamp.
    Optional<IndexEntry> atMaxTimestamp(long endOffset) {
        IndexEntry best = null;
        for (IndexChunk chunk : chunks) {
            if (best == null || chunk.maxTimestamp() > best.maxTimestamp()) {
                for (int i = 0; i < chunk.count() && chunk.offset(i) < endOffset; i++) {
                    if (best == null || chunk.maxTimestamp(i) > best.maxTimestamp()) {
                        best = chunk.entry(i);
                    }
                }
            }
        }
        return Optional.ofNullable(best);
    }

    void checkEnd(long firstNewOffset) {
        IndexChunk last = newest;
        if (last != null) {
            Invariant.check(last.offset(last.count() - 1) < firstNewOffset, "offsets in the index ascend");
        }
    }
}
