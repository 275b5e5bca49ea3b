package io.millrace.walstore.inspect;

import io.millrace.store.FileFacts;
import io.millrace.store.FileFacts.RoundRange;
import io.millrace.store.LogInspector;
import io.millrace.wal.LogEnd;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/// `ls`: one line for each file.
///
/// Threads: one.
final class Listing {

    private final LogInspector inspector;
    private final Printer printer;

    Listing(LogInspector inspector, Printer printer) {
        this.inspector = inspector;
        this.printer = printer;
    }

    /// Prints the list.
    ///
    /// @return whether no file is damaged, as far as headers tell
    boolean run() throws IOException {
        boolean isWell = true;
        for (FileFacts file : inspector.list()) {
            printer.print(line(file));
            isWell &= !(file instanceof FileFacts.DamagedFile);
        }
        return isWell;
    }

    private static Line line(FileFacts file) {
        return switch (file) {
            case FileFacts.SegmentFile segment -> segment(segment);
            case FileFacts.SealedFile sealed ->
                line("sealed", file)
                        .with("state", sealed.state().name().toLowerCase(Locale.ROOT))
                        .with("runs", sealed.runCount())
                        .with("partitions", sealed.partitionCount())
                        .with("batches", sealed.batchCount());
            case FileFacts.CheckpointFile checkpoint ->
                end(line("checkpoint", file), checkpoint.end())
                        .with("segments", checkpoint.segmentCount())
                        .with("sealed", checkpoint.sealedCount())
                        .with("topics", checkpoint.topicCount())
                        .with("partitions", checkpoint.partitionCount());
            case FileFacts.CleanEndFile clean -> end(line("clean-end", file), clean.end());
            case FileFacts.ClusterFile cluster -> line("cluster", file).with("id", cluster.clusterId());
            case FileFacts.LeftoverFile _ -> line("leftover", file).with("next-start", "deletes it");
            case FileFacts.UnknownFile _ -> line("unknown", file);
            case FileFacts.DamagedFile damaged -> line("damaged", file).with("what", damaged.reason());
        };
    }

    private static Line line(String kind, FileFacts file) {
        return new Line(kind).with("file", file.fileName()).with("bytes", file.bytes());
    }

    private static Line end(Line line, LogEnd end) {
        return line.with("end", end.position())
                .with("round", end.roundSequence())
                .with("time", Instant.ofEpochMilli(end.timeMillis()));
    }

    private static Line segment(FileFacts.SegmentFile segment) {
        Line line = line("segment", segment)
                .with("state", segment.state().name().toLowerCase(Locale.ROOT))
                .with("base", segment.basePosition())
                .with("end", segment.endPosition());
        RoundRange rounds = segment.rounds();
        return rounds.count() == 0
                ? line
                : line.with("rounds", rounds.count())
                        .with("first-round", rounds.firstSequence())
                        .with("last-round", rounds.lastSequence())
                        .with("last-time", Instant.ofEpochMilli(rounds.lastTimeMillis()));
    }
}
