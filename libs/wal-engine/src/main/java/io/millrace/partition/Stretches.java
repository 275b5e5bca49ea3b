package io.millrace.partition;

import io.millrace.model.Invariant;
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

    /// What each stretch has in the array, side by side, so that an append meets one line of the cache.
    private static final int END_OFFSET = 0;

    private static final int BYTES = 1;
    private static final int FIRST_ROUND = 2;
    private static final int LAST_ROUND = 3;
    private static final int MAX_TIMESTAMP = 4;
    private static final int LONGS = 5;

    private long[] stretches = {};
    private int count;
    private long totalBytes;
    /// Whether a copy has the same array: neither changes it any more.
    private boolean isShared;

    /// As they are now; costs nothing until one of the two changes.
    Stretches copy() {
        isShared = true;
        Stretches copy = new Stretches();
        copy.stretches = stretches;
        copy.count = count;
        copy.totalBytes = totalBytes;
        copy.isShared = true;
        return copy;
    }

    private void own() {
        if (isShared) {
            stretches = stretches.clone();
            isShared = false;
        }
    }

    private long get(int at, int what) {
        return stretches[at * LONGS + what];
    }

    private void set(int at, int what, long value) {
        stretches[at * LONGS + what] = value;
    }

    void checkEnd(long logEndOffset) {
        Invariant.check(count == 0 || get(count - 1, END_OFFSET) == logEndOffset, "stretches end where the log does");
    }

    void add(RecordBatch batch, long roundMillis) {
        own();
        if (count == 0 || isFull(count - 1, roundMillis)) {
            open(roundMillis);
        }
        int newest = count - 1;
        set(newest, END_OFFSET, batch.endOffset());
        set(newest, BYTES, get(newest, BYTES) + batch.sizeInBytes());
        set(newest, LAST_ROUND, roundMillis);
        set(newest, MAX_TIMESTAMP, Math.max(get(newest, MAX_TIMESTAMP), batch.maxTimestamp()));
        totalBytes += batch.sizeInBytes();
    }

    private boolean isFull(int at, long nowMillis) {
        return get(at, BYTES) >= bytesShare() || nowMillis - get(at, FIRST_ROUND) >= millisShare(nowMillis);
    }

    private long bytesShare() {
        return Math.max(BYTES_MIN, totalBytes / SHARES);
    }

    private long millisShare(long nowMillis) {
        return Math.max(MILLIS_MIN, (nowMillis - get(0, FIRST_ROUND)) / SHARES);
    }

    private void open(long roundMillis) {
        if (count == COUNT_MAX) {
            mergeNeighbours();
        }
        if (count * LONGS == stretches.length) {
            stretches = Arrays.copyOf(stretches, Math.max(FIRST_CAPACITY, 2 * count) * LONGS);
        }
        set(count, BYTES, 0);
        set(count, FIRST_ROUND, roundMillis);
        set(count, MAX_TIMESTAMP, Long.MIN_VALUE);
        count++;
    }

    private void mergeNeighbours() {
        long bytesMax = bytesShare();
        long millisMax = millisShare(get(count - 1, LAST_ROUND));
        int kept = 0;
        for (int i = 1; i < count; i++) {
            boolean isSmall = get(kept, BYTES) + get(i, BYTES) <= bytesMax
                    && get(i, LAST_ROUND) - get(kept, FIRST_ROUND) <= millisMax;
            if (!isSmall) {
                move(i, ++kept, 1);
                continue;
            }
            set(kept, END_OFFSET, get(i, END_OFFSET));
            set(kept, BYTES, get(kept, BYTES) + get(i, BYTES));
            set(kept, LAST_ROUND, get(i, LAST_ROUND));
            set(kept, MAX_TIMESTAMP, Math.max(get(kept, MAX_TIMESTAMP), get(i, MAX_TIMESTAMP)));
        }
        count = kept + 1;
    }

    private void move(int from, int to, int moved) {
        System.arraycopy(stretches, from * LONGS, stretches, to * LONGS, moved * LONGS);
    }

    /// Forgets the stretches that end at or before this offset.
    void dropBefore(long logStartOffset) {
        own();
        int dropped = 0;
        while (dropped < count && get(dropped, END_OFFSET) <= logStartOffset) {
            totalBytes -= get(dropped++, BYTES);
        }
        count -= dropped;
        move(dropped, 0, count);
    }

    int count() {
        return count;
    }

    /// Of all stretches; what a log start inside the first one cut off still counts.
    long totalBytes() {
        return totalBytes;
    }

    long endOffset(int at) {
        return get(at, END_OFFSET);
    }

    long bytes(int at) {
        return get(at, BYTES);
    }

    /// When its first batch was appended.
    long firstRoundMillis(int at) {
        return get(at, FIRST_ROUND);
    }

    /// How long ago its last batch was appended; less if a timestamp lies ahead of that, at most by the limit.
    long ageMillis(int at, long nowMillis, long aheadMillisMax) {
        long appendMillis = get(at, LAST_ROUND);
        long ahead = Math.max(get(at, MAX_TIMESTAMP), appendMillis) - appendMillis;
        return nowMillis - appendMillis - Math.min(ahead, aheadMillisMax);
    }

    /// Takes off what compaction removed.
    void remove(RemovedBytes removed) {
        own();
        for (int mark = 0, at = 0; mark < removed.count() && at < count; mark++) {
            while (at < count && get(at, END_OFFSET) <= removed.offset(mark)) {
                at++;
            }
            if (at < count) {
                long off = Math.min(get(at, BYTES), removed.bytes(mark));
                set(at, BYTES, get(at, BYTES) - off);
                totalBytes -= off;
            }
        }
    }

    int encodedBytes() {
        return Integer.BYTES + count * LONGS * Long.BYTES;
    }

    void encode(ByteBuffer target) {
        target.putInt(count);
        for (int i = 0; i < count * LONGS; i++) {
            target.putLong(stretches[i]);
        }
    }

    static Stretches decode(ByteBuffer source) {
        Stretches decoded = new Stretches();
        decoded.count = source.getInt();
        decoded.stretches = new long[decoded.count * LONGS];
        Arrays.setAll(decoded.stretches, _ -> source.getLong());
        for (int i = 0; i < decoded.count; i++) {
            decoded.totalBytes += decoded.bytes(i);
        }
        return decoded;
    }
}
