package io.millrace.wal;

import io.millrace.wal.RoundScanner.Finding;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the segments from the checkpoint's last one on, decides where the log ends, and makes that end clean.
///
/// Threads: one, once.
final class LogTail {

    private final RoundReplay replay;
    private final RecoveryPlan plan;
    private final List<Segment> tail;

    LogTail(RoundReplay replay, RecoveryPlan plan, List<Segment> tail) {
        this.replay = replay;
        this.plan = plan;
        this.tail = tail;
    }

    /// The tail's segments with rounds, the last of which is the one to write to, those without, and the end.
    record Recovered(List<Segment> written, List<Segment> unused, LogEnd end, long tornBytes) {}

    Recovered read() throws IOException {
        int writtenCount = 0;
        @Nullable RoundScanner torn = null;
        while (writtenCount < tail.size() && torn == null) {
            Segment segment = tail.get(writtenCount);
            Finding finding = replay.read(segment);
            LogEnd stop = new LogEnd(segment.endPosition(), end().roundSequence(), end().roundCrc(), 0);
            TailRule.checkEnd(replay.scanner(segment), stop, finding);
            boolean isWritten = !isUnused(segment);
            if (isWritten) {
                writtenCount++;
            }
            if (!isWritten || finding instanceof Finding.Broken) {
                torn = replay.scanner(segment);
            }
        }
        checkKnownEnds();
        checkNothingLater(torn);
        return cleaned(writtenCount);
    }

    private static boolean isUnused(Segment segment) {
        return segment.endPosition() == segment.basePosition() + WalFormat.SEGMENT_HEADER_BYTES;
    }

    private LogEnd end() {
        LogEnd end = replay.end();
        return end == null ? LogEnd.ofEmptyLog() : end;
    }

    /// A recovered end before the checkpoint's or a clean shutdown's means that acknowledged rounds are gone.
    private void checkKnownEnds() throws CorruptLogException {
        LogEnd end = end();
        long manifestEnd =
                plan.manifest().map(manifest -> manifest.end().position()).orElse(0L);
        if (end.position() < manifestEnd) {
            throw tooShort(end, "the checkpoint was taken", manifestEnd);
        }
        LogEnd cleanEnd = plan.cleanEnd().orElse(end);
        if (end.position() < cleanEnd.position()) {
            throw tooShort(end, "the log was closed", cleanEnd.position());
        }
        if (end.position() == cleanEnd.position() && !end.equals(cleanEnd)) {
            throw tooShort(end, "the log was closed after another round, also", cleanEnd.position());
        }
    }

    private CorruptLogException tooShort(LogEnd end, String what, long position) {
        Segment last = tail.getFirst();
        for (Segment segment : tail) {
            if (!isUnused(segment)) {
                last = segment;
            }
        }
        return last.corrupt(
                last.endPosition(),
                "the log is readable only to round " + end.roundSequence() + " here, at " + "position "
                        + last.endPosition() + ", but " + what + " at position " + position);
    }

    /// No round begins behind the end, in no segment. The torn round itself may have a valid header.
    private void checkNothingLater(@Nullable RoundScanner torn) throws IOException {
        for (Segment segment : tail) {
            boolean isTorn = torn != null && torn.segment() == segment;
            boolean isBehindTorn = isUnused(segment) && !isTorn;
            long from = segment.endPosition() + (isBehindTorn ? 0 : WalFormat.ALIGNMENT);
            TailRule.checkNoLaterRound(replay.scanner(segment), from, end());
        }
    }

    private Recovered cleaned(int writtenCount) throws IOException {
        long tornBytes = 0;
        for (Segment segment : tail) {
            tornBytes += TailRule.clear(replay.scanner(segment), segment.endPosition());
        }
        // Of whole rounds only the last can be one whose force did not return.
        RoundReplay.ReadRound last = replay.last();
        if (last != null && tail.contains(last.segment())) {
            TailRule.writeAgain(last);
        }
        TailRule.force(tail);
        return new Recovered(
                List.copyOf(tail.subList(0, writtenCount)),
                List.copyOf(tail.subList(writtenCount, tail.size())),
                end(),
                tornBytes);
    }
}
