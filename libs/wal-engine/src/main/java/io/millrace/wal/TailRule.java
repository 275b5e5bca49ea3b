package io.millrace.wal;

import io.millrace.wal.RoundScanner.Finding;
import io.millrace.wal.storage.WalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Decides whether the place at which no whole round begins is the torn end of the log, or damage.
///
/// Threads: one. Source: the rule is in the package comment.
final class TailRule {

    private TailRule() {}

    /// Whether the log may end here: nothing was written, or what was written is torn. Throws if neither is so.
    static void checkEnd(RoundScanner scanner, LogEnd end, Finding finding) throws IOException {
        Segment segment = scanner.segment();
        long position = end.position();
        if (position >= segment.header().endOfSegment() || scanner.isZero(position, WalFormat.SECTOR_BYTES)) {
            return;
        }
        if (!(finding instanceof Finding.Broken(RoundHeader header))) {
            throw segment.corrupt(
                    position, "there is neither a round nor unused space after round " + end.roundSequence());
        }
        checkContinues(segment, end, header);
        if (scanner.zeroSectors(position, header.frameBytes()) <= header.zeroSectors()) {
            throw segment.corrupt(
                    position,
                    "the checksum of round " + header.sequence() + " does not match, and no sector of it is missing");
        }
    }

    /// Whether a valid header is that of the next round.
    static void checkContinues(Segment segment, LogEnd end, RoundHeader header) throws CorruptLogException {
        if (header.sequence() != end.roundSequence() + 1 || header.previousCrc() != end.roundCrc()) {
            throw segment.corrupt(
                    header.position(),
                    "round " + header.sequence() + " does not continue round " + end.roundSequence()
                            + ", so rounds between them are missing");
        }
    }

    /// Throws if a round begins anywhere from this position to the end of the segment: rounds are written one after
    /// the other's force, so it proves that the missing one was acknowledged.
    static void checkNoLaterRound(RoundScanner scanner, long fromPosition, LogEnd end) throws IOException {
        Segment segment = scanner.segment();
        for (long at = fromPosition; at < segment.header().endOfSegment(); at += WalFormat.ALIGNMENT) {
            RoundHeader later = scanner.headerAt(at);
            if (later != null) {
                throw segment.corrupt(
                        at,
                        "round " + later.sequence() + " is here, but the log is readable only to round "
                                + end.roundSequence() + ", at position " + end.position());
            }
        }
    }

    /// Overwrites with zeros whatever is left from this position on, so that it can never be taken for a round.
    ///
    /// @return how many bytes were not zero, in whole blocks
    static long clear(RoundScanner scanner, long fromPosition) throws IOException {
        Segment segment = scanner.segment();
        WalFile file = segment.file();
        long cleared = 0;
        for (long at = fromPosition; at < segment.header().endOfSegment(); at += WalFormat.ALIGNMENT) {
            if (!scanner.isZero(at, WalFormat.ALIGNMENT)) {
                file.write(ByteBuffer.allocate(WalFormat.ALIGNMENT), at - segment.basePosition());
                cleared += WalFormat.ALIGNMENT;
            }
        }
        return cleared;
    }

    /// Writes a round again, where it is and as it is, so that the next force has something to write. If the force of
    /// its owner failed, the page cache shows the round as written, and no force would ever put it on the disk.
    static void writeAgain(RoundReplay.ReadRound round) throws IOException {
        WalFile file = round.segment().file();
        long filePosition = round.position() - round.segment().basePosition();
        ByteBuffer frame = ByteBuffer.allocate(round.bytes());
        file.read(frame, filePosition);
        file.write(frame.flip(), filePosition);
    }

    /// One force of all that was read: what the page cache showed may not be on the disk yet.
    static void force(List<Segment> segments) throws IOException {
        for (Segment segment : segments) {
            segment.file().force();
        }
    }
}
