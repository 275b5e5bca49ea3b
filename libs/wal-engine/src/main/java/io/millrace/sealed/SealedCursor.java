package io.millrace.sealed;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.partition.EntryCodec;
import io.millrace.wal.DamagedRecordException;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Walks over the records of a sealed file, checking each, through a window of bounded size.
///
/// Threads: one.
/// Ownership: records and batches view the window, whose memory is used again for later ones.
public final class SealedCursor {

    private static final int WINDOW_BYTES = 1 << 20;

    private final SealedFile sealed;
    private final long end;
    private ByteBuffer window;
    /// The position of the window's first byte.
    private long windowPosition;
    private long current;
    private long next;
    private int size;
    private @Nullable LogRecord record;

    /// From one position to another; at both, a record begins or the runs end.
    public SealedCursor(SealedFile sealed, long from, long end) {
        this(sealed, from, end, ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, Math.max(0, end - from))));
    }

    /// The same through a window that is lent to it.
    SealedCursor(SealedFile sealed, long from, long end, ByteBuffer window) {
        this.sealed = sealed;
        this.end = end;
        this.next = from;
        this.current = from;
        this.window = window.limit(0);
        this.windowPosition = from;
    }

    /// Over all runs of a file.
    public static SealedCursor over(SealedFile sealed, SealedFooter footer) {
        return new SealedCursor(sealed, SealedFormat.HEADER_BYTES, footer.dataEnd());
    }

    /// Moves to the next record.
    ///
    /// @return false behind the last one
    /// @throws DamagedRecordException if there is no record of a kind that belongs here, at [#filePosition]
    public boolean next() throws IOException {
        if (next >= end) {
            return false;
        }
        current = next;
        if (end - current < LogRecord.HEADER_BYTES) {
            throw damaged("there is half a record");
        }
        long bytes = LogRecord.sizeInLog(window(LogRecord.HEADER_BYTES), at());
        if (bytes > end - current) {
            throw damaged("a record is larger than what is left");
        }
        size = (int) bytes;
        LogRecord found = LogRecord.checked(window(size), at(), size, current);
        boolean isKnown = found.type() == SealedFormat.RUN_END_TYPE || EntryCodec.isBatch(found.type(), found.body());
        if (!isKnown) {
            throw damaged("a record of type " + found.type() + " does not belong here");
        }
        record = found;
        next = current + size;
        return true;
    }

    private DamagedRecordException damaged(String what) {
        return new DamagedRecordException("at byte " + current + " of " + sealed.name() + " " + what);
    }

    private int at() {
        return (int) (current - windowPosition);
    }

    /// The window, moved if it does not hold this many bytes from the current position on.
    private ByteBuffer window(int bytes) throws IOException {
        if (current < windowPosition || current + bytes > windowPosition + window.limit()) {
            int wanted = (int) Math.min(Math.max(bytes, WINDOW_BYTES), end - current);
            if (window.capacity() < wanted) {
                window = ByteBuffer.allocate(wanted);
            }
            window.clear().limit(wanted);
            sealed.read(window, current);
            window.flip();
            windowPosition = current;
        }
        return window;
    }

    /// Where the current record begins, or the one that is damaged.
    public long filePosition() {
        return current;
    }

    public LogRecord record() {
        return Objects.requireNonNull(record, "next() comes first");
    }

    /// The current record with its header and padding.
    public ByteBuffer bytes() {
        return window.slice(at(), size);
    }

    /// Whether the current record is a batch; if not, it ends a run.
    public boolean isBatch() {
        return record().type() != SealedFormat.RUN_END_TYPE;
    }

    public PartitionId partitionId() {
        return EntryCodec.partitionId(record().body());
    }

    public RecordBatch batch() {
        return EntryCodec.batch(record().body());
    }

    FooterBuilder.PlacedBatch placedBatch() {
        RecordBatch batch = batch();
        return new FooterBuilder.PlacedBatch(batch.baseOffset(), current, size, batch.maxTimestamp());
    }
}
