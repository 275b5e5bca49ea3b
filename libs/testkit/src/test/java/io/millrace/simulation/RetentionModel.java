package io.millrace.simulation;

import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What retention may delete of one partition, and what it must, batch by batch.
///
/// Threads: one.
final class RetentionModel {

    private static final long AHEAD_MILLIS_MAX = 60_000;
    private static final long DEFAULT_MILLIS = 604_800_000;

    private final PartitionId partitionId;
    private final List<Placed> batches = new ArrayList<>();
    private long roundMillis;
    private long nowMillis;
    private long limitMillis = DEFAULT_MILLIS;
    private long limitMillisBefore = DEFAULT_MILLIS;
    private long limitBytes = -1;
    private long limitBytesBefore = -1;
    private long logStartOffset;
    /// The largest that there were: a sixteenth of them is what may be kept too long.
    private long bytesSeen;

    private long millisSeen;

    private record Placed(RecordBatch batch, long roundMillis) {}

    RetentionModel(PartitionId partitionId) {
        this.partitionId = partitionId;
    }

    PartitionId partitionId() {
        return partitionId;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    long endOffset() {
        return batches.isEmpty() ? 0 : batches.getLast().batch().endOffset();
    }

    /// The rounds' time, which never goes back.
    long roundMillis() {
        return roundMillis;
    }

    /// @param now of the wall clock, by which ages are told
    void clockShows(long newRoundMillis, long now) {
        roundMillis = newRoundMillis;
        nowMillis = now;
    }

    void limitMillis(long limit) {
        limitMillis = limit;
    }

    void limitBytes(long limit) {
        limitBytes = limit;
    }

    void append(RecordBatch sent, long baseOffset) {
        batches.add(new Placed(sent.placedAt(baseOffset, 0), roundMillis));
        bytesSeen = Math.max(bytesSeen, bytesFrom(firstReadable()));
        millisSeen =
                Math.max(millisSeen, roundMillis - batches.get(firstReadable()).roundMillis());
    }

    void deleteBefore(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
    }

    /// Checks that what went since the last look was allowed to go.
    ///
    /// @return how many records went
    long observe(long newLogStartOffset) {
        check(newLogStartOffset >= logStartOffset, "the log start went back to " + newLogStartOffset);
        long gone = newLogStartOffset - logStartOffset;
        for (int i = firstReadable(); gone > 0 && i < batches.size(); i++) {
            Placed placed = batches.get(i);
            if (placed.batch().baseOffset() < newLogStartOffset) {
                check(placed.batch().endOffset() <= newLogStartOffset, "the log starts inside of a batch");
                check(mayGo(i), "offset " + placed.batch().baseOffset() + " went too early");
            }
        }
        logStartOffset = newLogStartOffset;
        limitMillisBefore = limitMillis;
        limitBytesBefore = limitBytes;
        return gone;
    }

    private boolean mayGo(int at) {
        return isTooOld(batches.get(at), limitMillis)
                || isTooOld(batches.get(at), limitMillisBefore)
                || isTooMuch(at, limitBytes)
                || isTooMuch(at, limitBytesBefore);
    }

    private boolean isTooOld(Placed placed, long limit) {
        long ahead = Math.max(placed.batch().maxTimestamp(), placed.roundMillis()) - placed.roundMillis();
        return limit >= 0 && age(placed) - Math.min(ahead, Math.min(limit, AHEAD_MILLIS_MAX)) > limit;
    }

    private long age(Placed placed) {
        return nowMillis - placed.roundMillis();
    }

    private boolean isTooMuch(int at, long limit) {
        return limit >= 0 && bytesFrom(at + 1) >= limit;
    }

    private long bytesFrom(int first) {
        long bytes = 0;
        for (int i = first; i < batches.size(); i++) {
            bytes += batches.get(i).batch().sizeInBytes();
        }
        return bytes;
    }

    private int firstReadable() {
        int first = batches.size();
        while (first > 0 && batches.get(first - 1).batch().endOffset() > logStartOffset) {
            first--;
        }
        return first;
    }

    /// Right after a check: not more than a stretch is there beyond the limits.
    void checkNothingIsKeptTooLong() {
        int first = firstReadable();
        if (first == batches.size()) {
            return;
        }
        long bytesMax = limitBytes + Math.max(16 * 1024, bytesSeen / 16) + 50_000;
        check(limitBytes < 0 || bytesFrom(first) <= bytesMax, "more than " + bytesMax + " bytes are kept");
        long stretchMillis = Math.max(1_000, millisSeen / 16);
        long millisMax = limitMillis + Math.min(limitMillis, AHEAD_MILLIS_MAX) + stretchMillis;
        check(limitMillis < 0 || age(batches.get(first)) <= millisMax, "kept longer than " + millisMax + " ms");
    }

    /// Every read of every offset.
    void compare(StoreRig rig) throws IOException {
        if (logStartOffset > 0) {
            check(rig.read(partitionId, logStartOffset - 1) instanceof ReadOutcome.OutOfRange, "read before the start");
        }
        for (int i = firstReadable(); i < batches.size(); i++) {
            RecordBatch expected = batches.get(i).batch();
            for (long offset = Math.max(logStartOffset, expected.baseOffset());
                    offset < expected.endOffset();
                    offset++) {
                ReadOutcome outcome = rig.read(partitionId, offset);
                check(outcome instanceof ReadOutcome.Batches, "offset " + offset + " cannot be read: " + outcome);
                RecordBatch read = ((ReadOutcome.Batches) outcome).batches().getFirst();
                check(
                        read.buffer()
                                .equals(expected.placedAt(expected.baseOffset(), read.leaderEpoch())
                                        .buffer()),
                        "other bytes at offset " + offset);
            }
        }
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
