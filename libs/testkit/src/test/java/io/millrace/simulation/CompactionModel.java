package io.millrace.simulation;

import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import io.millrace.testkit.PlainRecords;
import io.millrace.testkit.PlainRecords.PlainRecord;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must stay of one compacted partition, record by record, and what may be gone.
///
/// Threads: one.
final class CompactionModel {

    private final PartitionId partitionId;
    private final long lagMillis;
    private final long tombstoneMillis;
    private final List<Placed> appended = new ArrayList<>();
    private final Map<String, Long> latest = new HashMap<>();
    private long logStartOffset;

    private record Placed(PlainRecord record, long appendMillis) {}

    CompactionModel(PartitionId partitionId, long lagMillis, long tombstoneMillis) {
        this.partitionId = partitionId;
        this.lagMillis = lagMillis;
        this.tombstoneMillis = tombstoneMillis;
    }

    PartitionId partitionId() {
        return partitionId;
    }

    long endOffset() {
        return appended.size();
    }

    long logStartOffset() {
        return logStartOffset;
    }

    void append(RecordBatch sent, long baseOffset, long nowMillis) {
        check(baseOffset == appended.size(), "appended at " + baseOffset);
        for (PlainRecord record : PlainRecords.of(sent.placedAt(baseOffset, 0))) {
            appended.add(new Placed(record, nowMillis));
            latest.put(String.valueOf(record.key()), record.offset());
        }
    }

    void deleteBefore(long offset) {
        logStartOffset = Math.max(logStartOffset, offset);
    }

    /// Every read of every offset, and what it shows.
    ///
    /// @return how many records are gone
    long compare(StoreRig rig, long nowMillis) throws IOException {
        Watermarks seen = rig.store().watermarks(partitionId).orElseThrow();
        check(seen.logStartOffset() == logStartOffset, "log start " + seen.logStartOffset());
        check(seen.highWatermark() == endOffset(), "high watermark " + seen.highWatermark());
        Map<Long, PlainRecord> readable = readAll(rig);
        Map<String, Long> latestReadable = new HashMap<>();
        long gone = 0;
        for (long offset = logStartOffset; offset < endOffset(); offset++) {
            PlainRecord found = readable.remove(offset);
            if (found == null) {
                gone++;
                check(mayBeGone(offset, nowMillis), "offset " + offset + " is gone");
            } else {
                check(found.equals(at(offset).record()), "another record at offset " + offset + ": " + found);
                latestReadable.put(String.valueOf(found.key()), offset);
            }
        }
        // Also when the latest one is a tombstone that is gone: then nothing of its key is left.
        latestReadable.forEach(
                (key, offset) -> check(offset.equals(latest.get(key)), key + " is back, from offset " + offset));
        check(readable.isEmpty(), "records that were never there: " + readable);
        return gone;
    }

    private Placed at(long offset) {
        return appended.get((int) offset);
    }

    private boolean mayBeGone(long offset, long nowMillis) {
        Placed placed = at(offset);
        if (nowMillis - placed.appendMillis() < lagMillis) {
            return false;
        }
        boolean isSuperseded =
                offset < latest.getOrDefault(String.valueOf(placed.record().key()), -1L);
        boolean isOldTombstone =
                placed.record().value() == null && nowMillis - placed.appendMillis() >= tombstoneMillis + lagMillis;
        return isSuperseded || isOldTombstone;
    }

    private Map<Long, PlainRecord> readAll(StoreRig rig) throws IOException {
        Map<Long, PlainRecord> readable = new HashMap<>();
        @Nullable RecordBatch covering = null;
        long lastOfAll = -1;
        for (long offset = logStartOffset; offset < endOffset(); offset++) {
            ReadOutcome outcome = rig.read(partitionId, offset);
            check(outcome instanceof ReadOutcome.Batches, "offset " + offset + " cannot be read: " + outcome);
            List<RecordBatch> batches = ((ReadOutcome.Batches) outcome).batches();
            check(!batches.isEmpty(), "an empty page at offset " + offset);
            RecordBatch first = batches.getFirst();
            check(first.lastOffset() >= offset, "a read at " + offset + " begins with " + first);
            check(first.hasValidChecksum(), "a bad checksum at offset " + offset);
            boolean isSame = covering == null
                    || offset > covering.lastOffset()
                    || first.buffer().equals(covering.buffer());
            check(isSame, "a read at " + offset + " answers another batch than the one before");
            if (covering == null || offset > covering.lastOffset()) {
                covering = first;
                for (PlainRecord record : PlainRecords.of(first)) {
                    if (record.offset() >= logStartOffset) {
                        readable.put(record.offset(), record);
                    }
                }
            }
            lastOfAll = batches.getLast().lastOffset();
        }
        check(lastOfAll == -1 || lastOfAll == endOffset() - 1, "the last offset is gone");
        return readable;
    }

    private void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError("partition " + partitionId.partition() + ": " + message);
        }
    }
}
