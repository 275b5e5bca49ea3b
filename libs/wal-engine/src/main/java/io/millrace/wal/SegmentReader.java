package io.millrace.wal;

import io.millrace.wal.RoundScanner.Finding;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the rounds of one segment file for whoever looks at it without a log around it.
///
/// Threads: one. Units: WAL positions unless a name says file position.
/// Errors: [CorruptLogException] when the file is no segment; what is wrong behind its header is a [Found].
/// Ownership: closes the file, not the storage.
public final class SegmentReader implements AutoCloseable {

    private static final int HEADERS_ONLY_BYTES = WalFormat.ALIGNMENT;

    private final Segment segment;
    private final RoundScanner scanner;
    /// After the last round that was read.
    private @Nullable LogEnd end;

    private SegmentReader(Segment segment, ByteBuffer window) {
        this.segment = segment;
        this.scanner = new RoundScanner(segment, window);
    }

    /// For [#next]: reads whole rounds.
    public static SegmentReader open(WalStorage storage, String fileName) throws IOException {
        return new SegmentReader(Segment.open(storage, fileName), ByteBuffer.allocateDirect(RoundScanner.WINDOW_BYTES));
    }

    /// For [#nextHeader]: reads little of each round, and trusts the rest.
    public static SegmentReader openForHeaders(WalStorage storage, String fileName) throws IOException {
        return new SegmentReader(Segment.open(storage, fileName), ByteBuffer.allocateDirect(HEADERS_ONLY_BYTES));
    }

    /// Whether a file of this name is a segment.
    public static boolean isSegment(String fileName) {
        return Segment.isSegment(fileName);
    }

    /// Whether a file of this name was being prepared when its process ended: the next start deletes it.
    public static boolean isLeftover(String fileName) {
        return Segment.isLeftover(fileName) || CheckedFile.isLeftover(fileName);
    }

    /// What the header of a round says.
    ///
    /// @param frameBytes with header and padding
    public record RoundFacts(long sequence, long position, int frameBytes, int recordCount, long timeMillis) {}

    /// What follows the last round that was read.
    public sealed interface Found {

        /// Ownership: the records are lent until the next call.
        record Round(RoundFacts facts, RecordCursor records) implements Found {}

        /// Nothing but zeros to the end of the segment.
        record Unused() implements Found {}

        /// No whole round, and not unused either: the torn end of the log, or damage.
        record Unreadable(long filePosition, String what) implements Found {}
    }

    public String fileName() {
        return segment.file().name();
    }

    public long basePosition() {
        return segment.basePosition();
    }

    /// Where the next round would begin.
    public long endPosition() {
        return segment.endPosition();
    }

    public long createdMillis() {
        return segment.header().createdMillis();
    }

    public LogIdentity identity() {
        return segment.header().identity();
    }

    public long filePosition(long position) {
        return position - segment.basePosition();
    }

    /// The next round by its header alone; empty when there is none.
    public Optional<RoundFacts> nextHeader() throws IOException {
        RoundHeader header = scanner.headerAt(segment.endPosition());
        return header == null ? Optional.empty() : Optional.of(passed(header));
    }

    /// The next round with every checksum of it.
    public Found next() throws IOException {
        long position = segment.endPosition();
        return switch (scanner.at(position)) {
            case Finding.Whole(RoundHeader header, RecordCursor records) -> {
                Optional<String> gap = gapBefore(header);
                yield gap.isPresent()
                        ? new Found.Unreadable(filePosition(position), gap.get())
                        : new Found.Round(passed(header), records);
            }
            case Finding.Broken(RoundHeader header) ->
                new Found.Unreadable(
                        filePosition(scanner.firstBadRecord(header)),
                        "the checksum of round " + header.sequence() + ", which begins at byte "
                                + filePosition(position) + ", does not match");
            case Finding.NoRound _ -> withoutRound(position);
        };
    }

    /// Behind what is unreadable: where the next round with a valid header begins, or the given end if none does
    /// before.
    /// From there on [#next] goes on.
    public long skipDamage(long endFilePosition) throws IOException {
        long endOfRounds = segment.basePosition() + endFilePosition;
        RoundHeader here = scanner.headerAt(segment.endPosition());
        long position = segment.endPosition() + (here == null ? WalFormat.ALIGNMENT : here.frameBytes());
        while (here == null && position < endOfRounds && scanner.headerAt(position) == null) {
            position += WalFormat.ALIGNMENT;
        }
        segment.moveEnd(Math.min(position, endOfRounds));
        end = null;
        return filePosition(segment.endPosition());
    }

    private RoundFacts passed(RoundHeader header) {
        LogEnd newEnd = header.end();
        end = newEnd;
        segment.moveEnd(newEnd.position());
        return new RoundFacts(
                header.sequence(), header.position(), header.frameBytes(), header.recordCount(), header.timeMillis());
    }

    private Optional<String> gapBefore(RoundHeader header) {
        LogEnd previous = end;
        if (previous == null
                || (header.sequence() == previous.roundSequence() + 1 && header.previousCrc() == previous.roundCrc())) {
            return Optional.empty();
        }
        return Optional.of("round " + header.sequence() + " does not continue round " + previous.roundSequence());
    }

    private Found withoutRound(long position) throws IOException {
        long firstUsed = -1;
        for (long at = position; at < segment.header().endOfSegment(); at += WalFormat.ALIGNMENT) {
            RoundHeader later = scanner.headerAt(at);
            if (later != null) {
                return new Found.Unreadable(
                        filePosition(position),
                        "no round begins here, but round " + later.sequence() + " does at byte " + filePosition(at));
            }
            if (firstUsed < 0 && !scanner.isZero(at, WalFormat.ALIGNMENT)) {
                firstUsed = at;
            }
        }
        return firstUsed < 0
                ? new Found.Unused()
                : new Found.Unreadable(filePosition(firstUsed), "there is neither a round nor unused space");
    }

    @Override
    public void close() throws IOException {
        segment.release();
    }
}
