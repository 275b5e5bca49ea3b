package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.IndexEntry;
import io.millrace.wal.DamagedRecordException;
import io.millrace.wal.LogRecord;
import io.millrace.wal.WriteAheadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads batches of one partition from the write-ahead log, where they lie scattered among those of others:
/// neighbours are read together.
///
/// Threads: any; blocks on the disk. Each batch is checked before it leaves: checksum, topic id, partition,
/// base offset.
final class LogBatches {

    /// Reading over a small gap costs less than another call.
    private static final int GAP_BYTES_MAX = 4096;

    private static final int RUN_BYTES_MAX = 1 << 20;

    private final WriteAheadLog log;

    LogBatches(WriteAheadLog log) {
        this.log = log;
    }

    /// Empty if a segment was freed meanwhile.
    Optional<List<StoredBatch>> read(PartitionId partitionId, List<IndexEntry> entries) throws IOException {
        List<StoredBatch> batches = new ArrayList<>(entries.size());
        int first = 0;
        while (first < entries.size()) {
            int end = runEnd(entries, first);
            List<IndexEntry> run = entries.subList(first, end);
            long from = run.getFirst().position();
            int bytes = (int) (run.getLast().position() + run.getLast().sizeInLog() - from);
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            if (!log.read(buffer, from)) {
                return Optional.empty();
            }
            addChecked(partitionId, run, buffer.flip(), batches);
            first = end;
        }
        return Optional.of(batches);
    }

    /// How far one read goes: neighbours in the same segment, up to a bound.
    private int runEnd(List<IndexEntry> entries, int first) {
        long from = entries.get(first).position();
        int end = first + 1;
        while (end < entries.size()) {
            IndexEntry previous = entries.get(end - 1);
            IndexEntry next = entries.get(end);
            long gap = next.position() - previous.position() - previous.sizeInLog();
            boolean isNear = gap <= GAP_BYTES_MAX
                    && next.position() + next.sizeInLog() - from <= RUN_BYTES_MAX
                    && log.isOneSegment(from, next.position());
            if (!isNear) {
                break;
            }
            end++;
        }
        return end;
    }

    private static void addChecked(
            PartitionId partitionId, List<IndexEntry> run, ByteBuffer buffer, List<StoredBatch> batches)
            throws DamagedRecordException {
        long useful = 0;
        for (IndexEntry entry : run) {
            useful += entry.sizeInLog();
        }
        boolean isAmongOthers = 2 * useful < buffer.limit();
        for (IndexEntry entry : run) {
            int at = (int) (entry.position() - run.getFirst().position());
            LogRecord record = LogRecord.checked(buffer, at, entry.sizeInLog(), entry.position());
            if (!EntryCodec.isBatchOf(partitionId, record.type(), record.body())) {
                throw new DamagedRecordException(
                        "the record at position " + entry.position() + " is no batch of " + partitionId);
            }
            RecordBatch batch = EntryCodec.batch(record.body());
            if (batch.baseOffset() != entry.baseOffset()) {
                throw new DamagedRecordException("the batch at position " + entry.position() + " has base offset "
                        + batch.baseOffset() + ", the index says " + entry.baseOffset());
            }
            batches.add(new StoredBatch(batch, buffer.slice(at, entry.sizeInLog()), isAmongOthers));
        }
    }
}
