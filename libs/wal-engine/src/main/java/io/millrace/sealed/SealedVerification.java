package io.millrace.sealed;

import io.millrace.model.RecordBatch;
import io.millrace.partition.SealedRun;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.DamagedRecordException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Compares a sealed file on the disk with what the engine knows of it, a bounded piece in each step: the footer, then
/// of each run its index and its batches. Behind damage it goes on with the next stretch.
///
/// Threads: one. Units: file positions, record offsets.
/// Errors: what the disk has lost is a [Flaw], and so is what it cannot read.
/// Ownership: closes the file, not the storage.
public final class SealedVerification implements AutoCloseable {

    /// Also what a step reads at most, one larger batch apart.
    private static final int PIECE_BYTES = 1 << 20;
    private static final int READ_BYTES_MIN = 4096;

    private final SealedFile file;
    private final Iterator<SealedRun> runs;
    private final Choice choice;
    private final Consumer<Flaw> flaws;
    private final SealedFooter expected;
    /// One for all pieces, so that looking makes little rubbish.
    private final ByteBuffer window = ByteBuffer.allocate(PIECE_BYTES);

    private boolean isBegun;
    /// The rest of it, in order.
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

    /// What of a file is looked at.
    ///
    /// @param isWanted a run that nobody can ask for any more is passed over
    /// @param sample asked once for each piece of a run's batches
    public record Choice(Predicate<SealedRun> isWanted, BooleanSupplier sample) {}

    /// What is not on the disk as it was written.
    public sealed interface Flaw {

        /// The file's header.
        record Header(String what) implements Flaw {}

        /// Footer or index, which follow from the runs.
        record Derived(long filePosition, String what) implements Flaw {}

        /// Batches of a run; none of these offsets can be relied on.
        record Batches(SealedRun run, long filePosition, long firstOffset, long endOffset, String what)
                implements Flaw {}
    }

    /// Neighbouring stretches of a run.
    ///
    /// @param index of the run; null if it is damaged, so that the piece is all of the run
    private record Piece(SealedRun run, @Nullable IndexEntries index, int first, int end) {

        boolean isLast() {
            return index == null || end == index.count();
        }

        long filePosition() {
            return index == null || first == index.count() ? run.filePosition() : index.filePosition(first);
        }

        /// With the record that ends the run, if the piece does.
        long endPosition() {
            return index == null || isLast() ? run.endPosition() + SealedFormat.RUN_END_BYTES : index.filePosition(end);
        }

        long firstOffset() {
            return index == null || first == 0 ? run.firstOffset() : index.baseOffset(first);
        }

        long endOffset() {
            return index == null || isLast() ? run.endOffset() : index.baseOffset(end);
        }
    }

    private SealedVerification(SealedFile file, SealedFooter expected, Choice choice, Consumer<Flaw> flaws) {
        this.file = file;
        this.expected = expected;
        this.runs = expected.runs().iterator();
        this.choice = choice;
        this.flaws = flaws;
    }

    /// Begins with a file.
    ///
    /// @param flaws hears of each, during the steps
    public static SealedVerification open(WalStorage disk, SealedFiles.Known known, Choice choice, Consumer<Flaw> flaws)
            throws IOException {
        return new SealedVerification(known.file().again(disk), known.footer(), choice, flaws);
    }

    public boolean isDone() {
        return isBegun && pieces.isEmpty() && !runs.hasNext();
    }

    /// Looks at one piece.
    ///
    /// @return how many bytes were read
    public long step() {
        if (!isBegun) {
            isBegun = true;
            checkHeader();
            return checkFooter();
        }
        Piece next = pieces.poll();
        return next == null ? beginRun(runs.next()) : check(next);
    }

    private void checkHeader() {
        try {
            if (!file.hasItsHeader()) {
                flaws.accept(new Flaw.Header("the header is that of another file"));
            }
        } catch (CorruptLogException e) {
            flaws.accept(new Flaw.Header(e.what()));
        } catch (IOException e) {
            flaws.accept(new Flaw.Header("the header cannot be read: " + e.getMessage()));
        }
    }

    private long checkFooter() {
        long bytes = SealedFormat.TRAILER_BYTES + (long) expected.runs().size() * SealedFormat.TABLE_ENTRY_BYTES;
        try {
            if (!SealedFooter.read(file).equals(Optional.of(expected))) {
                flaws.accept(new Flaw.Derived(expected.dataEnd(), "the footer is not the one that was written"));
            }
        } catch (IOException e) {
            flaws.accept(new Flaw.Derived(expected.dataEnd(), "the footer cannot be read: " + e.getMessage()));
        }
        return Math.max(READ_BYTES_MIN, bytes);
    }

    private long beginRun(SealedRun run) {
        if (!choice.isWanted().test(run)) {
            return 0;
        }
        IndexEntries index = index(run);
        if (index == null) {
            pieces.add(new Piece(run, null, 0, 0));
            return READ_BYTES_MIN;
        }
        int first = 0;
        do {
            int end = Math.min(first + 1, index.count());
            while (end < index.count() && index.filePosition(end) - index.filePosition(first) < PIECE_BYTES) {
                end++;
            }
            if (choice.sample().getAsBoolean()) {
                pieces.add(new Piece(run, index, first, end));
            }
            first = end;
        } while (first < index.count());
        return Math.max(READ_BYTES_MIN, index.sizeInBytes());
    }

    private @Nullable IndexEntries index(SealedRun run) {
        SealedRun.IndexPlace place = run.index();
        ByteBuffer stored = ByteBuffer.allocate(place.entryCount() * SealedFormat.INDEX_ENTRY_BYTES);
        try {
            file.read(stored, place.filePosition());
        } catch (IOException e) {
            flaws.accept(new Flaw.Derived(place.filePosition(), "an index cannot be read: " + e.getMessage()));
            return null;
        }
        if (SealedFormat.checksum(stored, 0, stored.limit()) != place.crc()) {
            flaws.accept(new Flaw.Derived(place.filePosition(), "the checksum of an index does not match"));
            return null;
        }
        return IndexEntries.decode(stored.flip());
    }

    private long check(Piece piece) {
        BatchOrder order = new BatchOrder(piece);
        SealedCursor cursor = new SealedCursor(file, piece.filePosition(), piece.endPosition(), window);
        try {
            while (cursor.next()) {
                order.check(cursor);
            }
        } catch (IOException e) {
            damaged(piece, cursor, order, String.valueOf(e.getMessage()));
        }
        return piece.endPosition() - piece.filePosition();
    }

    /// Narrows the place down to one stretch, then tells it.
    private void damaged(Piece piece, SealedCursor cursor, BatchOrder order, String what) {
        IndexEntries index = piece.index();
        if (index != null && piece.end() - piece.first() > 1) {
            for (int stretch = piece.end() - 1; stretch >= piece.first(); stretch--) {
                pieces.addFirst(new Piece(piece.run(), index, stretch, stretch + 1));
            }
        } else if (cursor.filePosition() >= piece.run().endPosition()) {
            flaws.accept(new Flaw.Derived(cursor.filePosition(), "the end of a run is damaged: " + what));
        } else {
            flaws.accept(
                    new Flaw.Batches(piece.run(), cursor.filePosition(), order.nextOffset, piece.endOffset(), what));
        }
    }

    /// Whether each batch is one of the run, behind the one before.
    private static final class BatchOrder {

        private final Piece piece;
        private long nextOffset;

        BatchOrder(Piece piece) {
            this.piece = piece;
            this.nextOffset = piece.firstOffset();
        }

        void check(SealedCursor cursor) throws DamagedRecordException {
            SealedRun run = piece.run();
            if (cursor.filePosition() == run.endPosition()) {
                check(cursor, isEndOf(run, cursor), "it does not end the run that was written here");
                return;
            }
            check(
                    cursor,
                    cursor.isBatch() && cursor.partitionId().equals(run.partitionId()),
                    "it is no batch of its run");
            RecordBatch batch = cursor.batch();
            check(cursor, batch.hasValidChecksum(), "the checksum of the batch does not match");
            boolean isInOrder = batch.baseOffset() >= nextOffset && batch.endOffset() <= piece.endOffset();
            check(cursor, isInOrder, "its offsets do not follow those before");
            nextOffset = batch.endOffset();
        }

        private static boolean isEndOf(SealedRun run, SealedCursor cursor) {
            return !cursor.isBatch()
                    && SealedFormat.RunEnd.decode(cursor.record().body())
                            .equals(new SealedFormat.RunEnd(
                                    run.partitionId(), run.firstOffset(), run.endOffset(), run.batchCount()));
        }

        private static void check(SealedCursor cursor, boolean isRight, String otherwise)
                throws DamagedRecordException {
            if (!isRight) {
                throw new DamagedRecordException("the record at byte " + cursor.filePosition() + ": " + otherwise);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.release();
    }
}
