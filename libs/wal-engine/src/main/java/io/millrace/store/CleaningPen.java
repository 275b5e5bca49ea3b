package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.Survivors;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.partition.Entry;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.RemovedBytes;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Leaves out the records of a partition that compaction removes.
///
/// Threads: the upkeep thread.
///
/// @param survivors decide what stays
/// @param cleaner looks into batches
/// @param removed counts what goes
record CleaningPen(PartitionId partitionId, Survivors survivors, BatchCleaner cleaner, RemovedBytes removed)
        implements RunCopy.Pen {

    private static final long KEEP_TIMESTAMPS = -1;

    @Override
    public void write(RunWalk from, SealedFileWriter writer) throws IOException {
        RecordBatch batch = from.batch();
        Optional<RecordBatch> left = cleaner.clean(batch, survivors);
        removed.add(batch, left.map(RecordBatch::sizeInBytes).orElse(0));
        if (left.isPresent()) {
            RecordBatch cleaned = left.get();
            boolean isSame = cleaned.buffer().equals(batch.buffer());
            writer.add(cleaned, isSame ? from.record() : record(cleaned));
        }
    }

    private ByteBuffer record(RecordBatch cleaned) {
        Entry entry = new Entry.BatchAppended(
                partitionId, cleaned, cleaned.baseOffset(), cleaned.leaderEpoch(), KEEP_TIMESTAMPS);
        ByteBuffer body = ByteBuffer.allocate(EntryCodec.bytes(entry));
        EntryCodec.encode(entry, body);
        ByteBuffer record = ByteBuffer.allocate(LogRecord.sizeInLog(body.flip().remaining()));
        LogRecord.encode(EntryCodec.type(entry), body, record);
        return record.flip();
    }
}
