package io.millrace.walstore.inspect;

import io.millrace.store.FileFacts;
import io.millrace.store.LogInspector;
import io.millrace.store.SealedCheck;
import io.millrace.store.SegmentCheck;
import io.millrace.store.StartForecast;
import java.io.IOException;

/// `verify`: every checksum, and what the next start would do.
///
/// Threads: one.
final class Verification {

    private final LogInspector inspector;
    private final Printer printer;

    Verification(LogInspector inspector, Printer printer) {
        this.inspector = inspector;
        this.printer = printer;
    }

    /// Prints what was found.
    ///
    /// @return whether a start would go on from here; a torn end is no damage
    boolean run() throws IOException {
        boolean isWell = true;
        for (FileFacts file : inspector.list()) {
            if (file instanceof FileFacts.DamagedFile damaged) {
                printer.print(
                        new Line("damaged").with("file", damaged.fileName()).with("what", damaged.reason()));
                isWell = false;
            }
        }
        isWell &= checkSealed();
        isWell &= checkSegments();
        return tell(inspector.forecast()) && isWell;
    }

    /// A start reads only footers, so it does not find what is damaged in a sealed file.
    private boolean checkSealed() throws IOException {
        boolean isWell = true;
        for (String name : inspector.sealedNames()) {
            SealedCheck check = inspector.checkSealed(name);
            printer.print(line(check));
            isWell &= check.damage().isEmpty();
        }
        return isWell;
    }

    private static Line line(SealedCheck check) {
        Line line = new Line("sealed").with("file", check.fileName());
        check.checked()
                .ifPresent(checked -> line.with("runs", checked.runCount())
                        .with("batches", checked.batchCount())
                        .with("whole-bytes", checked.bytes())
                        .with("footer", checked.isFooterWhole() ? "whole" : "damaged, the next start makes it again"));
        check.damage()
                .ifPresent(place ->
                        line.with("unreadable-at", place.filePosition()).with("because", place.what()));
        return line;
    }

    private boolean checkSegments() throws IOException {
        boolean isWell = true;
        for (String name : inspector.segmentNames()) {
            SegmentCheck check = inspector.check(name);
            printer.print(line(check));
            isWell &= check.badRecord().isEmpty();
        }
        return isWell;
    }

    private static Line line(SegmentCheck check) {
        Line line = new Line("segment")
                .with("file", check.fileName())
                .with("rounds", check.roundCount())
                .with("batches", check.batchCount())
                .with("whole-bytes", check.bytes());
        check.badRecord()
                .ifPresent(place -> line.with("bad-at", place.filePosition()).with("what", place.what()));
        check.unreadable()
                .ifPresent(place ->
                        line.with("unreadable-at", place.filePosition()).with("because", place.what()));
        return line;
    }

    private boolean tell(StartForecast forecast) throws IOException {
        Line line = new Line("next-start");
        printer.print(
                switch (forecast) {
                    case StartForecast.Starts starts ->
                        line.with("does", starts.tornBytes() > 0 ? "cuts the torn end off" : "recovers everything")
                                .with("end", starts.end().position())
                                .with("round", starts.end().roundSequence())
                                .with("clean", starts.wasClean())
                                .with("torn-bytes", starts.tornBytes());
                    case StartForecast.Refuses refuses ->
                        line.with("does", "refuses")
                                .with("file", refuses.fileName())
                                .with("file-position", refuses.filePosition())
                                .with("because", refuses.what());
                });
        return forecast instanceof StartForecast.Starts;
    }
}
