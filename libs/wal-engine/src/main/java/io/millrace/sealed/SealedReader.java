package io.millrace.sealed;

import io.millrace.model.RecordBatch;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.SealedRun;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds batches in runs, by offset and by timestamp.
///
/// Threads: any; blocks on the disk. Each batch is checked before it leaves: checksum, topic id, partition,
/// offset.
/// Units: record offsets, bytes, milliseconds.
public final class SealedReader {

    /// A longer answer is read in several pieces, so that a batch that is kept does not pin all of it.
    private static final int PIECE_BYTES_MAX = 1 << 20;

    private final IndexCache indexes;

    public SealedReader(long indexCacheBytes) {
        this.indexes = new IndexCache(indexCacheBytes);
    }

    public long indexCacheBytes() {
        return indexes.sizeInBytes();
    }

    /// What a read asks of a run.
    ///
    /// @param endOffset batches from here on are not wanted
    /// @param bytesMax the first batch comes even if it is larger
    public record Wanted(long fromOffset, long endOffset, long bytesMax) {}

    /// The batches from the one on that covers the offset, or that follows it where it is gone; empty if none
    /// follows in this run.
    public List<RecordBatch> read(SealedFile sealed, SealedRun run, Wanted wanted) throws IOException {
        List<RecordBatch> found = new ArrayList<>();
        if (run.batchCount() == 0) {
            return found;
        }
        IndexEntries index = indexes.index(sealed, run);
        int stretch = index.floor(wanted.fromOffset());
        Piece piece = new Piece(sealed, run, index.filePosition(stretch));
        piece.expect(index.baseOffset(stretch));
        while (piece.position < run.endPosition() && piece.read(wanted, found)) {
            // Piece after piece, until there is enough.
        }
        return found;
    }

    /// Where a read is in its run.
    private static final class Piece {

        private final SealedFile sealed;
        private final SealedRun run;
        private long position;
        private long bytesLeft = Long.MAX_VALUE;
        private long lastOffset = -1;
        private long expected = -1;

        Piece(SealedFile sealed, SealedRun run, long position) {
            this.sealed = sealed;
            this.run = run;
            this.position = position;
        }

        /// What the index says of the first batch.
        void expect(long baseOffset) {
            expected = baseOffset;
        }

        /// Reads what fits into one buffer.
        ///
        /// @return whether more may be wanted
        boolean read(Wanted wanted, List<RecordBatch> found) throws IOException {
            bytesLeft = Math.min(bytesLeft, wanted.bytesMax());
            long skipped = found.isEmpty() ? sealed.header().stretchBytes() : 0;
            long bytes = Math.min(run.endPosition() - position, Math.min(PIECE_BYTES_MAX, bytesLeft + skipped));
            return take(buffer(Math.max(bytes, LogRecord.HEADER_BYTES)), wanted, found);
        }

        private ByteBuffer buffer(long bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
            sealed.read(buffer, position);
            long first = LogRecord.sizeInLog(buffer, 0);
            if (first > run.endPosition() - position) {
                throw new IOException("the record at byte " + position + " of " + sealed.name() + " ends nowhere");
            }
            if (first > bytes) {
                buffer = ByteBuffer.allocate((int) first);
                sealed.read(buffer, position);
            }
            return buffer;
        }

        private boolean take(ByteBuffer buffer, Wanted wanted, List<RecordBatch> found) throws IOException {
            int at = 0;
            int useful = 0;
            int before = found.size();
            boolean isEnough = false;
            while (!isEnough && buffer.limit() - at >= LogRecord.HEADER_BYTES) {
                long size = LogRecord.sizeInLog(buffer, at);
                if (size > bytesLeft && !found.isEmpty()) {
                    // Not looked at: it may be damaged, and nobody asked for it.
                    isEnough = true;
                    break;
                }
                if (size > buffer.limit() - at) {
                    break;
                }
                RecordBatch batch = checked(buffer, at, (int) size);
                if (batch.lastOffset() >= wanted.fromOffset()) {
                    isEnough = batch.baseOffset() >= wanted.endOffset();
                    if (isEnough) {
                        break;
                    }
                    found.add(batch);
                    useful += (int) size;
                    bytesLeft -= size;
                }
                at += (int) size;
            }
            position += at;
            // Whoever keeps a batch keeps the buffer that it views: not when most of that is something else.
            if (2 * useful < buffer.limit()) {
                found.subList(before, found.size())
                        .replaceAll(each -> each.placedAt(each.baseOffset(), each.leaderEpoch()));
            }
            return !isEnough && bytesLeft > 0;
        }

        private RecordBatch checked(ByteBuffer buffer, int at, int size) throws IOException {
            LogRecord record = LogRecord.checked(buffer, at, size, position + at);
            RecordBatch batch = batch(sealed, run, position + at, record);
            boolean isInOrder = expected >= 0 ? batch.baseOffset() == expected : batch.baseOffset() > lastOffset;
            if (!isInOrder) {
                throw new IOException("the batch at byte " + (position + at) + " of " + sealed.name()
                        + " has base offset " + batch.baseOffset() + " behind " + lastOffset);
            }
            expected = -1;
            lastOffset = batch.lastOffset();
            return batch;
        }
    }

    private static RecordBatch batch(SealedFile sealed, SealedRun run, long position, LogRecord record)
            throws IOException {
        if (!EntryCodec.isBatchOf(run.partitionId(), record.type(), record.body())) {
            throw new IOException(
                    "the record at byte " + position + " of " + sealed.name() + " is no batch of " + run.partitionId());
        }
        RecordBatch batch = EntryCodec.batch(record.body());
        if (batch.baseOffset() < run.firstOffset() || batch.endOffset() > run.endOffset()) {
            throw new IOException("the batch at byte " + position + " of " + sealed.name() + " has offsets "
                    + batch.baseOffset() + " to " + batch.lastOffset() + ", outside of its run");
        }
        return batch;
    }

    /// What a search by timestamp asks of a run.
    ///
    /// @param logStartOffset batches that end before it are gone
    /// @param behindOffset only batches with a larger base offset count; -1 for all
    public record Since(long timestampMillis, long logStartOffset, long behindOffset) {}

    /// The first batch with a record of this timestamp or a later one.
    public Optional<RecordBatch> atTimestamp(SealedFile sealed, SealedRun run, Since since) throws IOException {
        if (run.maxTimestamp() < since.timestampMillis()) {
            return Optional.empty();
        }
        IndexEntries index = indexes.index(sealed, run);
        int first = index.floor(Math.max(since.logStartOffset(), since.behindOffset()));
        for (int stretch = first; stretch < index.count(); stretch++) {
            if (index.maxTimestamp(stretch) >= since.timestampMillis()) {
                SealedCursor cursor = stretch(sealed, run, index, stretch);
                while (cursor.next()) {
                    RecordBatch batch = batch(sealed, run, cursor.filePosition(), cursor.record());
                    boolean isFound = batch.maxTimestamp() >= since.timestampMillis()
                            && batch.lastOffset() >= since.logStartOffset()
                            && batch.baseOffset() > since.behindOffset();
                    if (isFound) {
                        return Optional.of(batch.placedAt(batch.baseOffset(), batch.leaderEpoch()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static SealedCursor stretch(SealedFile sealed, SealedRun run, IndexEntries index, int stretch) {
        long end = stretch + 1 < index.count() ? index.filePosition(stretch + 1) : run.endPosition();
        return new SealedCursor(sealed, index.filePosition(stretch), end);
    }

    /// The largest timestamp of a batch that does not end before the log's start; empty if there is no such
    /// batch.
    public Optional<Long> maxTimestamp(SealedFile sealed, SealedRun run, long logStartOffset) throws IOException {
        if (run.batchCount() == 0) {
            return Optional.empty();
        }
        IndexEntries index = indexes.index(sealed, run);
        int first = index.floor(logStartOffset);
        long max = Long.MIN_VALUE;
        for (int stretch = first + 1; stretch < index.count(); stretch++) {
            max = Math.max(max, index.maxTimestamp(stretch));
        }
        boolean isFound = first + 1 < index.count();
        SealedCursor cursor = stretch(sealed, run, index, first);
        while (cursor.next()) {
            RecordBatch batch = batch(sealed, run, cursor.filePosition(), cursor.record());
            if (batch.lastOffset() >= logStartOffset) {
                max = Math.max(max, batch.maxTimestamp());
                isFound = true;
            }
        }
        return isFound ? Optional.of(max) : Optional.empty();
    }
}
