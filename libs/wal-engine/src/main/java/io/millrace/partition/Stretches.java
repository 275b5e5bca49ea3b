package io.millrace.partition;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// How large and how old a partition is from its start to its end, in stretches of neighbouring batches.
///
/// Retention deletes whole stretches. One grows until it has a sixteenth of the partition's bytes or of its time, so
/// what is deleted late is small beside what is kept, and the number of stretches does not grow with the partition.
/// They are part of the state, not of the index: where the batches lie makes no difference.
///
/// Threads: the commit thread. Units: bytes of record batches; milliseconds, of rounds and of records as named.
final class Stretches {

    /// Among this many, one pair of neighbours has less than a share of both bytes and time: of 32 pairs that do not
    /// overlap, fewer than 16 can have more than a sixteenth of the bytes, and fewer than 16 of the time.
    static final int COUNT_MAX = 64;

    static final int SHARES = 16;
    static final long BYTES_MIN = 16 * 1024;
    static final long MILLIS_MIN = 1_000;

    private static final int FIRST_CAPACITY = 4;
    private static final int LONGS = 5;

    private long[] endOffsets = {};
    private long[] bytes = {};
    private long[] firstRoundMillis = {};
    private long[] lastRoundMillis = {};
    private long[] maxTimestamps = {};
    private int count;
    private long totalBytes;
    /// Whether a copy has the same arrays: neither changes them any more.
    private boolean isShared;

    /// As they are now; costs nothing until one of the two changes.
    Stretches copy() {
        isShared = true;
        Stretches copy = new Stretches();
        copy.endOffsets = endOffsets;
        copy.bytes = bytes;
        copy.firstRoundMillis = firstRoundMillis;
        copy.lastRoundMillis = lastRoundMillis;
        copy.maxTimestamps = maxTimestamps;
        copy.count = count;
        copy.totalBytes = totalBytes;
        copy.isShared = true;
        return copy;
    }

    private void own() {
        if (isShared) {
            resize(endOffsets.length);
            isShared = false;
        }
    }

    void add(RecordBatch batch, long roundMillis) {
        own();
        if (count == 0 || isFull(count - 1, roundMillis)) {
            open(roundMillis);
        }
        int newest = count - 1;
        endOffsets[newest] = batch.endOffset();
        bytes[newest] += batch.sizeInBytes();
        lastRoundMillis[newest] = roundMillis;
        maxTimestamps[newest] = Math.max(maxTimestamps[newest], batch.maxTimestamp());
        totalBytes += batch.sizeInBytes();
    }

    private boolean isFull(int at, long nowMillis) {
        return bytes[at] >= bytesShare() || nowMillis - firstRoundMillis[at] >= millisShare(nowMillis);
    }

    private long bytesShare() {
        return Math.max(BYTES_MIN, totalBytes / SHARES);
    }

    private long millisShare(long nowMillis) {
        return Math.max(MILLIS_MIN, (nowMillis - firstRoundMillis[0]) / SHARES);
    }

    private void open(long roundMillis) {
        if (count == COUNT_MAX) {
            mergeNeighbours();
        }
        if (count == endOffsets.length) {
            resize(Math.max(FIRST_CAPACITY, 2 * count));
        }
        bytes[count] = 0;
        firstRoundMillis[count] = roundMillis;
        maxTimestamps[count] = Long.MIN_VALUE;
        count++;
    }

    private void resize(int capacity) {
        endOffsets = Arrays.copyOf(endOffsets, capacity);
        bytes = Arrays.copyOf(bytes, capacity);
        firstRoundMillis = Arrays.copyOf(firstRoundMillis, capacity);
        lastRoundMillis = Arrays.copyOf(lastRoundMillis, capacity);
        maxTimestamps = Arrays.copyOf(maxTimestamps, capacity);
    }

    private void mergeNeighbours() {
        long bytesMax = bytesShare();
        long millisMax = millisShare(lastRoundMillis[count - 1]);
        int kept = 0;
        for (int i = 1; i < count; i++) {
            boolean isSmall =
                    bytes[kept] + bytes[i] <= bytesMax && lastRoundMillis[i] - firstRoundMillis[kept] <= millisMax;
            if (!isSmall) {
                move(i, ++kept);
                continue;
            }
            endOffsets[kept] = endOffsets[i];
            bytes[kept] += bytes[i];
            lastRoundMillis[kept] = lastRoundMillis[i];
            maxTimestamps[kept] = Math.max(maxTimestamps[kept], maxTimestamps[i]);
        }
        count = kept + 1;
    }

    private void move(int from, int to) {
        endOffsets[to] = endOffsets[from];
        bytes[to] = bytes[from];
        firstRoundMillis[to] = firstRoundMillis[from];
        lastRoundMillis[to] = lastRoundMillis[from];
        maxTimestamps[to] = maxTimestamps[from];
    }

    /// Forgets the stretches that end at or before this offset.
    void dropBefore(long logStartOffset) {
        own();
        int dropped = 0;
        while (dropped < count && endOffsets[dropped] <= logStartOffset) {
            totalBytes -= bytes[dropped++];
        }
        for (int i = dropped; i < count; i++) {
            move(i, i - dropped);
        }
        count -= dropped;
    }

    int count() {
        return count;
    }

    /// Of all stretches; what a log start inside the first one cut off still counts.
    long totalBytes() {
        return totalBytes;
    }

    long endOffset(int at) {
        return endOffsets[at];
    }

    long bytes(int at) {
        return bytes[at];
    }

    /// When its first batch was appended.
    long firstRoundMillis(int at) {
        return firstRoundMillis[at];
    }

    /// How long ago its last batch was appended; less if a timestamp lies ahead of that, at most by the limit.
    long ageMillis(int at, long nowMillis, long aheadMillisMax) {
        long appendMillis = lastRoundMillis[at];
        long ahead = Math.max(maxTimestamps[at], appendMillis) - appendMillis;
        return nowMillis - appendMillis - Math.min(ahead, aheadMillisMax);
    }

    /// Takes off what compaction removed.
    void remove(RemovedBytes removed) {
        own();
        for (int mark = 0, at = 0; mark < removed.count() && at < count; mark++) {
            while (at < count && endOffsets[at] <= removed.offset(mark)) {
                at++;
            }
            if (at < count) {
                long off = Math.min(bytes[at], removed.bytes(mark));
                bytes[at] -= off;
                totalBytes -= off;
            }
        }
    }

    int encodedBytes() {
        return Integer.BYTES + count * LONGS * Long.BYTES;
    }

    void encode(ByteBuffer target) {
        target.putInt(count);
        for (int i = 0; i < count; i++) {
            target.putLong(endOffsets[i]).putLong(bytes[i]).putLong(firstRoundMillis[i]);
            target.putLong(lastRoundMillis[i]).putLong(maxTimestamps[i]);
        }
    }

    static Stretches decode(ByteBuffer source) {
        Stretches decoded = new Stretches();
        decoded.count = source.getInt();
        decoded.resize(decoded.count);
        for (int i = 0; i < decoded.count; i++) {
            decoded.endOffsets[i] = source.getLong();
            decoded.bytes[i] = source.getLong();
            decoded.firstRoundMillis[i] = source.getLong();
            decoded.lastRoundMillis[i] = source.getLong();
            decoded.maxTimestamps[i] = source.getLong();
            decoded.totalBytes += decoded.bytes[i];
        }
        return decoded;
    }
}
