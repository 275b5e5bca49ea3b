package io.millrace.sealed;

import io.millrace.model.PartitionId;
import io.millrace.partition.EntryCodec;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.DamagedRecordException;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Makes the footer of a sealed file again from its runs, each record of which is checked on the way.
///
/// Threads: one, once.
final class SealedRescan {

    private final SealedFile sealed;
    private final long dataEnd;
    private final FooterBuilder footer;
    /// Of the run that is being read; null between two.
    private @Nullable PartitionId open;

    private long batchCount;

    SealedRescan(SealedFile sealed, long dataEnd) {
        this.sealed = sealed;
        this.dataEnd = dataEnd;
        this.footer = new FooterBuilder(sealed.header().stretchBytes());
    }

    FooterBuilder.Footer footer() throws IOException {
        if (sealed.file().size() < dataEnd) {
            throw corrupt(sealed.file().size(), "the file should have runs up to byte " + dataEnd);
        }
        SealedCursor cursor = new SealedCursor(sealed, SealedFormat.HEADER_BYTES, dataEnd);
        try {
            while (cursor.next()) {
                take(cursor);
            }
        } catch (DamagedRecordException e) {
            CorruptLogException corrupt = corrupt(cursor.filePosition(), e.getMessage());
            corrupt.initCause(e);
            throw corrupt;
        }
        if (open != null) {
            throw corrupt(dataEnd, "the last run has no end");
        }
        return footer.encode(sealed.number(), dataEnd);
    }

    private void take(SealedCursor cursor) throws CorruptLogException {
        LogRecord record = cursor.record();
        PartitionId partitionId = EntryCodec.partitionId(record.body());
        if (open == null) {
            footer.startRun(partitionId, cursor.filePosition());
            batchCount = 0;
        } else if (!open.equals(partitionId)) {
            throw corrupt(cursor.filePosition(), "a record of " + partitionId + " lies in a run of " + open);
        }
        open = partitionId;
        if (record.type() != SealedFormat.RUN_END_TYPE) {
            footer.add(cursor.placedBatch());
            batchCount++;
            return;
        }
        SealedFormat.RunEnd end = SealedFormat.RunEnd.decode(record.body());
        if (end.batchCount() != batchCount) {
            throw corrupt(
                    cursor.filePosition(),
                    "a run of " + partitionId + " has " + batchCount + " batches, not " + end.batchCount());
        }
        footer.endRun(end.firstOffset(), end.endOffset());
        open = null;
    }

    private CorruptLogException corrupt(long filePosition, @Nullable String what) {
        return new CorruptLogException(sealed.name(), filePosition, "the footer is damaged, and " + what);
    }
}
