package io.millrace.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads rounds of one segment from the disk through a window, whose capacity is what is read at once; it grows for a
/// larger round.
///
/// Threads: one. Units: WAL positions.
final class RoundScanner {

    static final int WINDOW_BYTES = 1 << 20;

    private final Segment segment;
    private ByteBuffer window;
    /// The position of the window's first byte.
    private long windowPosition;

    RoundScanner(Segment segment, ByteBuffer window) {
        this.segment = segment;
        this.window = window.limit(0);
        this.windowPosition = segment.basePosition();
    }

    Segment segment() {
        return segment;
    }

    /// What is at a position where a round should begin.
    sealed interface Finding {

        /// A round, as it was written.
        record Whole(RoundHeader header, RecordCursor records) implements Finding {}

        /// No header of a round of this segment and place.
        record NoRound() implements Finding {}

        /// A valid header of this segment and place, whose payload is not the one that was written.
        record Broken(RoundHeader header) implements Finding {}
    }

    Finding at(long position) throws IOException {
        RoundHeader header = headerAt(position);
        if (header == null) {
            return new Finding.NoRound();
        }
        ByteBuffer frame = bytes(position, header.frameBytes());
        RecordCursor records = new RecordCursor(frame, WalFormat.ROUND_HEADER_BYTES, header.payloadBytes(), position);
        return isWhole(frame, header) ? new Finding.Whole(header, records) : new Finding.Broken(header);
    }

    /// Whether the records are those that the header was written for, each as it was written.
    private static boolean isWhole(ByteBuffer frame, RoundHeader header) {
        CRC32C recordsCrc = new CRC32C();
        int end = WalFormat.ROUND_HEADER_BYTES + header.payloadBytes();
        int at = WalFormat.ROUND_HEADER_BYTES;
        for (int i = 0; i < header.recordCount(); i++) {
            if (!RecordCursor.isWhole(frame, at, end)) {
                return false;
            }
            recordsCrc.update(frame.slice(at, WalFormat.RECORD_HEADER_BYTES));
            at += WalFormat.recordBytes(frame.getInt(at + Integer.BYTES));
        }
        return at == end && (int) recordsCrc.getValue() == header.recordsCrc();
    }

    /// A header that is valid and belongs exactly here.
    @Nullable
    RoundHeader headerAt(long position) throws IOException {
        long end = segment.header().endOfSegment();
        if (position + WalFormat.ROUND_HEADER_BYTES > end) {
            return null;
        }
        RoundHeader header = RoundHeader.decode(bytes(position, WalFormat.ROUND_HEADER_BYTES), 0);
        boolean isOfThisPlace = header != null
                && header.salt() == segment.header().salt()
                && header.position() == position
                && header.payloadBytes() >= 0
                && header.payloadBytes() <= header.frameBytes() - WalFormat.ROUND_HEADER_BYTES
                && header.frameBytes() % WalFormat.ALIGNMENT == 0
                && header.frameBytes() <= end - position;
        return isOfThisPlace ? header : null;
    }

    /// Where the first record of a broken round begins whose own checksum does not match; the round itself if all do.
    long firstBadRecord(RoundHeader header) throws IOException {
        ByteBuffer frame = bytes(header.position(), header.frameBytes());
        int end = WalFormat.ROUND_HEADER_BYTES + header.payloadBytes();
        int at = WalFormat.ROUND_HEADER_BYTES;
        while (at < end) {
            if (!RecordCursor.isWhole(frame, at, end)) {
                return header.position() + at;
            }
            at += WalFormat.recordBytes(frame.getInt(at + Integer.BYTES));
        }
        return header.position();
    }

    int zeroSectors(long position, int bytes) throws IOException {
        return WalFormat.zeroSectors(bytes(position, bytes), 0, bytes);
    }

    boolean isZero(long position, int bytes) throws IOException {
        return WalFormat.isZero(bytes(position, bytes), 0, bytes);
    }

    /// Views these bytes; valid until the next call.
    private ByteBuffer bytes(long position, int count) throws IOException {
        if (position < windowPosition || position + count > windowPosition + window.limit()) {
            fill(position, count);
        }
        return window.slice((int) (position - windowPosition), count);
    }

    private void fill(long position, int count) throws IOException {
        int wanted = (int)
                Math.min(Math.max(count, window.capacity()), segment.header().endOfSegment() - position);
        if (window.capacity() < wanted) {
            window = ByteBuffer.allocateDirect(wanted);
        }
        window.clear().limit(wanted);
        windowPosition = position;
        segment.file().read(window, position - segment.basePosition());
        if (window.hasRemaining()) {
            throw segment.corrupt(position + window.position(), "the file ends too early");
        }
        window.flip();
    }
}
