package io.millrace.wal;

import io.millrace.wal.RecoveryPlan.RecoveredRound;
import io.millrace.wal.RoundScanner.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Hands on the rounds of one segment after the other, checking that each continues the one before.
///
/// Threads: one.
final class RoundReplay {

    private static final long PROGRESS_EVERY_BYTES = 1 << 20;

    private final RecoveryPlan plan;
    private final long bytesTotal;
    private final ByteBuffer window;

    /// After the last whole round; null where a freed segment lies before, and the chain begins anew.
    private @Nullable LogEnd end;

    private @Nullable ReadRound last;
    private long roundCount;
    private long roundBytes;
    private long bytesDone;
    private long bytesTold;

    RoundReplay(RecoveryPlan plan, long bytesTotal) {
        this.plan = plan;
        this.bytesTotal = bytesTotal;
        this.window = ByteBuffer.allocateDirect((int) Math.min(RoundScanner.WINDOW_BYTES, bytesTotal));
    }

    /// A whole round.
    record ReadRound(Segment segment, long position, int bytes) {}

    /// The last whole round that was read, if any was.
    @Nullable
    ReadRound last() {
        return last;
    }

    RoundScanner scanner(Segment segment) {
        return new RoundScanner(segment, window);
    }

    @Nullable
    LogEnd end() {
        return end;
    }

    /// Where the chain of rounds goes on from; null if that is not known.
    void continueFrom(@Nullable LogEnd known) {
        end = known;
    }

    long roundCount() {
        return roundCount;
    }

    long roundBytes() {
        return roundBytes;
    }

    /// Reads rounds until there is no whole one; the segment's end is there then.
    ///
    /// @return what is there instead
    Finding read(Segment segment) throws IOException {
        RoundScanner scanner = scanner(segment);
        while (true) {
            Finding finding = scanner.at(segment.endPosition());
            if (!(finding instanceof Finding.Whole(RoundHeader header, RecordCursor records))) {
                advance(segment.header().endOfSegment() - segment.endPosition());
                return finding;
            }
            if (end != null) {
                TailRule.checkContinues(segment, end, header);
            }
            LogEnd newEnd = header.end();
            end = newEnd;
            checkManifestEnd(segment, newEnd);
            last = new ReadRound(segment, segment.endPosition(), header.frameBytes());
            segment.moveEnd(newEnd.position());
            roundCount++;
            roundBytes += header.frameBytes();
            advance(header.frameBytes());
            plan.rounds().accept(new RecoveredRound(segment.basePosition(), newEnd, records));
        }
    }

    /// The round at which the checkpoint was taken must be the very one that is there.
    private void checkManifestEnd(Segment segment, LogEnd newEnd) throws CorruptLogException {
        LogEnd known = plan.manifest().map(LogManifest::end).orElse(newEnd);
        if (known.position() == newEnd.position() && !known.equals(newEnd)) {
            throw segment.corrupt(newEnd.position(), "the checkpoint was taken after another round than the one here");
        }
    }

    private void advance(long bytes) {
        bytesDone += bytes;
        if (bytesDone - bytesTold >= PROGRESS_EVERY_BYTES || bytesDone == bytesTotal) {
            bytesTold = bytesDone;
            plan.progress().at(bytesDone, bytesTotal);
        }
    }
}
