package io.millrace.wal;

import io.millrace.wal.SegmentReader.Found;
import io.millrace.wal.WriteAheadLog.SegmentExtent;
import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Compares every checksum of one segment, up to where the log had come, a bounded piece in each step. Behind damage it
/// goes on with the next round.
///
/// Threads: one. Units: file positions.
/// Errors: what the disk has lost is a [Flaw], and so is what it cannot read.
/// Ownership: closes what it opened, not the storage.
public final class SegmentVerification implements AutoCloseable {

    /// What a step reads, and one round more.
    private static final int PIECE_BYTES = 1 << 20;

    private final WalStorage disk;
    private final SegmentExtent extent;
    private final Consumer<Flaw> flaws;
    /// For single records.
    private final WalFile file;

    private @Nullable SegmentReader rounds;
    private long done;

    /// Bytes that are not those which were written there.
    ///
    /// @param filePosition of the first byte that is known to be wrong
    /// @param from where the first round begins that is concerned
    /// @param end where the next round begins that may be whole
    public record Flaw(long filePosition, long from, long end, String what) {}

    private SegmentVerification(WalStorage disk, SegmentExtent extent, Consumer<Flaw> flaws) throws IOException {
        this.disk = disk;
        this.extent = extent;
        this.flaws = flaws;
        this.file = disk.open(extent.fileName());
    }

    /// Begins with a segment.
    ///
    /// @param flaws hears of each, during the steps
    public static SegmentVerification open(WalStorage disk, SegmentExtent extent, Consumer<Flaw> flaws)
            throws IOException {
        return new SegmentVerification(disk, extent, flaws);
    }

    public boolean isDone() {
        return done >= end();
    }

    private long end() {
        return extent.endPosition() - extent.basePosition();
    }

    /// Looks at one piece.
    ///
    /// @return how many bytes were read
    public long step() {
        long from = done;
        try {
            SegmentReader reader = rounds != null ? rounds : header();
            while (!isDone() && done - from < PIECE_BYTES) {
                done = next(reader);
            }
        } catch (CorruptLogException e) {
            giveUp(e.filePosition(), e.what());
        } catch (IOException e) {
            giveUp(done, "it cannot be read: " + e.getMessage());
        }
        return done - from;
    }

    private SegmentReader header() throws IOException {
        SegmentReader opened = SegmentReader.open(disk, extent.fileName());
        rounds = opened;
        done = WalFormat.SEGMENT_HEADER_BYTES;
        return opened;
    }

    /// The rest is not looked at; whoever hears of it looks at the batches in it one by one.
    private void giveUp(long filePosition, String what) {
        flaws.accept(new Flaw(filePosition, done, end(), what));
        done = end();
    }

    /// Where what follows begins.
    private long next(SegmentReader reader) throws IOException {
        return switch (reader.next()) {
            case Found.Round(SegmentReader.RoundFacts facts, RecordCursor _) ->
                reader.filePosition(facts.position() + facts.frameBytes());
            case Found.Unused() -> skip(reader, done, "the rounds that were written here are gone");
            case Found.Unreadable(long filePosition, String what) -> skip(reader, filePosition, what);
        };
    }

    private long skip(SegmentReader reader, long filePosition, String what) throws IOException {
        long behind = reader.skipDamage(end());
        flaws.accept(new Flaw(filePosition, done, behind, what));
        return behind;
    }

    /// Whether the record of this size that lies at this position of the log can be read as it was written.
    public boolean isReadable(long position, int sizeInLog) {
        ByteBuffer bytes = ByteBuffer.allocate(sizeInLog);
        try {
            file.read(bytes, position - extent.basePosition());
            return !bytes.hasRemaining() && RecordCursor.isWhole(bytes, 0, sizeInLog);
        } catch (IOException e) {
            // The disk says itself that it cannot.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (rounds != null) {
            rounds.close();
        }
    }
}
