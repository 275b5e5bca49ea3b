package io.millrace.simulation;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What one partition must hold: what was acknowledged, and what may follow.
///
/// Threads: one.
final class PartitionModel {

    /// In order; the base offset of each is the sum of the record counts before it.
    private final List<RecordBatch> acknowledged = new ArrayList<>();

    private final List<Long> baseOffsets = new ArrayList<>();
    /// Sent in this order and not answered when the machine stopped.
    private final List<RecordBatch> unanswered = new ArrayList<>();

    private long endOffset;
    private long logStartOffset;
    private long logStartOffsetWanted;

    /// Knows the same, and goes on by itself.
    PartitionModel copy() {
        PartitionModel copy = new PartitionModel();
        copy.acknowledged.addAll(acknowledged);
        copy.baseOffsets.addAll(baseOffsets);
        copy.unanswered.addAll(unanswered);
        copy.endOffset = endOffset;
        copy.logStartOffset = logStartOffset;
        copy.logStartOffsetWanted = logStartOffsetWanted;
        return copy;
    }

    long endOffset() {
        return endOffset;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    /// The acknowledged batch that covers this offset.
    RecordBatch covering(long offset) {
        int at = Collections.binarySearch(baseOffsets, offset);
        return placed(at >= 0 ? at : -at - 2);
    }

    private RecordBatch placed(int at) {
        return acknowledged.get(at).placedAt(baseOffsets.get(at), 0);
    }

    /// The first batch that can be read and has a record of this timestamp or a later one.
    Optional<RecordBatch> atTimestamp(long timestampMillis) {
        for (int i = 0; i < acknowledged.size(); i++) {
            RecordBatch batch = acknowledged.get(i);
            boolean isReadable = baseOffsets.get(i) + batch.recordCount() > logStartOffset;
            if (isReadable && batch.maxTimestamp() >= timestampMillis) {
                return Optional.of(placed(i));
            }
        }
        return Optional.empty();
    }

    /// Whether the log's start lies inside of a batch.
    boolean hasCutBatch() {
        return logStartOffset < endOffset && !baseOffsets.contains(logStartOffset);
    }

    long maxTimestamp() {
        long max = -1;
        for (int i = 0; i < acknowledged.size(); i++) {
            RecordBatch batch = acknowledged.get(i);
            if (baseOffsets.get(i) + batch.recordCount() > logStartOffset) {
                max = Math.max(max, batch.maxTimestamp());
            }
        }
        return max;
    }

    void send(RecordBatch batch) {
        unanswered.add(batch);
    }

    void acknowledge(RecordBatch batch, long baseOffset) {
        if (baseOffset != endOffset) {
            throw new AssertionError("acknowledged at " + baseOffset + ", expected " + endOffset);
        }
        unanswered.remove(batch);
        place(batch);
    }

    void refuse(RecordBatch batch) {
        unanswered.remove(batch);
    }

    private void place(RecordBatch batch) {
        acknowledged.add(batch);
        baseOffsets.add(endOffset);
        endOffset += batch.recordCount();
    }

    void wantLogStart(long offset) {
        logStartOffsetWanted = Math.max(logStartOffsetWanted, offset);
    }

    void moveLogStart(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
    }

    /// Compares with what a recovered partition answers, and takes over what it kept of the unanswered.
    ///
    /// @param start the recovered log start offset
    /// @param recovered all batches from there on, in order
    void recover(long start, long highWatermark, List<RecordBatch> recovered) {
        if (start != logStartOffset && start != logStartOffsetWanted) {
            throw new AssertionError(
                    "log start " + start + ", expected " + logStartOffset + " or " + logStartOffsetWanted);
        }
        logStartOffset = start;
        logStartOffsetWanted = start;
        while (endOffset < highWatermark && !unanswered.isEmpty()) {
            place(unanswered.removeFirst());
        }
        unanswered.clear();
        if (endOffset != highWatermark) {
            throw new AssertionError("high watermark " + highWatermark + ", expected " + endOffset);
        }
        compare(recovered);
    }

    /// What can be read is exactly what was sent, from the batch that covers the log's start on.
    void compare(List<RecordBatch> readable) {
        int first = 0;
        while (first < acknowledged.size()
                && baseOffsets.get(first) + acknowledged.get(first).recordCount() <= logStartOffset) {
            first++;
        }
        if (acknowledged.size() - first != readable.size()) {
            throw new AssertionError("read " + readable.size() + " batches, expected " + (acknowledged.size() - first));
        }
        for (RecordBatch read : readable) {
            ByteBuffer expected = acknowledged
                    .get(first)
                    .placedAt(baseOffsets.get(first), read.leaderEpoch())
                    .buffer();
            if (!expected.equals(read.buffer())) {
                throw new AssertionError("other bytes at offset " + read.baseOffset());
            }
            first++;
        }
    }
}
