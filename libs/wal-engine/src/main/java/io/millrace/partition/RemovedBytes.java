package io.millrace.partition;

import io.millrace.model.RecordBatch;
import java.util.Arrays;

/// How many bytes compaction removes, and about where: about four thousand marks, however large the partition is.
///
/// A mark counts for the last of its batches, so that what a partition has from some offset on is never taken for
/// more than it is: retention.bytes keeps at least as much as it says.
///
/// Threads: the upkeep thread fills it, the commit thread reads it afterwards.
/// Units: record offsets, bytes of record batches.
public final class RemovedBytes {

    private static final int MARKS = 4096;
    private static final int MARK_BYTES_MIN = 16 * 1024;

    private final long markBytes;
    private long[] offsets = new long[16];
    private long[] bytes = new long[16];
    private int count;
    private long total;
    private long seenBytes;
    private long openBytes;

    /// @param sourceBytes about how many it will see in all
    public RemovedBytes(long sourceBytes) {
        this.markBytes = Math.max(MARK_BYTES_MIN, sourceBytes / MARKS);
    }

    /// A batch became one of this size, or 0 if it is gone. Batches come in order.
    public void add(RecordBatch batch, int leftBytes) {
        long removed = (long) batch.sizeInBytes() - leftBytes;
        total += removed;
        openBytes += removed;
        seenBytes += batch.sizeInBytes();
        if (seenBytes >= markBytes || openBytes > 0) {
            mark(batch.baseOffset());
        }
    }

    private void mark(long offset) {
        if (count == 0 || seenBytes >= markBytes) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * count);
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            count++;
            seenBytes = 0;
        }
        offsets[count - 1] = offset;
        bytes[count - 1] += openBytes;
        openBytes = 0;
    }

    /// Of all batches together.
    public long total() {
        return total;
    }

    int count() {
        return count;
    }

    long offset(int mark) {
        return offsets[mark];
    }

    long bytes(int mark) {
        return bytes[mark];
    }
}
