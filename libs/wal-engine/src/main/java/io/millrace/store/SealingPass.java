package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedSwap;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Writes new runs, file after file, a bounded piece in each step. Nobody sees them before their swaps are
/// applied.
///
/// Threads: the upkeep thread; any may ask how far it is. Units: bytes.
/// Errors: after an [IOException] only [#abandon] is left.
final class SealingPass {

    private static final int PIECE_BYTES = 1 << 20;

    private final SealedFiles files;
    /// Of each file that is not begun yet, what comes into it.
    private final ArrayDeque<List<RunSource>> planned;

    private final ArrayDeque<RunSource> waiting = new ArrayDeque<>();
    private final List<SealedFileWriter.Finished> finished = new ArrayList<>();
    private final long bytesTotal;
    private @Nullable SealedFileWriter writer;
    private @Nullable RunSource source;
    /// Written by the upkeep thread.
    private volatile long bytesDone;

    SealingPass(SealedFiles files, List<List<RunSource>> plan) {
        this.files = files;
        this.planned = new ArrayDeque<>(plan);
        this.bytesTotal =
                plan.stream().flatMap(List::stream).mapToLong(RunSource::bytes).sum();
    }

    long bytesTotal() {
        return bytesTotal;
    }

    long bytesDone() {
        return bytesDone;
    }

    boolean isDone() {
        return planned.isEmpty() && waiting.isEmpty() && source == null && writer == null;
    }

    /// Copies a piece.
    ///
    /// @return how many bytes
    long step() throws IOException {
        SealedFileWriter open = writer != null ? writer : nextFile();
        if (open == null) {
            return 0;
        }
        RunSource from = source != null ? source : nextRun(open);
        if (from == null) {
            finish(open);
            return 0;
        }
        long copied = from.copy(open, PIECE_BYTES);
        long before = bytesDone;
        bytesDone = before + copied;
        if (copied == 0) {
            open.endRun(from.endOffset());
            source = null;
            from.close();
        }
        return copied;
    }

    /// A file is not begun before there is something to write to it.
    private @Nullable SealedFileWriter nextFile() throws IOException {
        List<RunSource> next = planned.poll();
        if (next == null) {
            return null;
        }
        waiting.addAll(next);
        SealedFileWriter begun = files.create();
        writer = begun;
        return begun;
    }

    private @Nullable RunSource nextRun(SealedFileWriter open) throws IOException {
        for (RunSource next = waiting.poll(); next != null; next = waiting.poll()) {
            OptionalLong first = next.start();
            if (first.isPresent()) {
                open.startRun(next.partition().id(), first.getAsLong());
                source = next;
                return next;
            }
            next.close();
        }
        return null;
    }

    private void finish(SealedFileWriter open) throws IOException {
        if (open.isEmpty()) {
            open.abandon();
        } else {
            finished.add(open.finish());
        }
        // Only now: until it is finished, it is among what is abandoned when the disk is full.
        writer = null;
    }

    /// Lets readers find the files.
    ///
    /// @return what lets partitions answer from them
    List<SealedSwap> publish() {
        List<SealedSwap> swaps = new ArrayList<>();
        for (SealedFileWriter.Finished file : finished) {
            files.add(file);
            swaps.addAll(swaps(file.footer().runs()));
        }
        return swaps;
    }

    List<SealedFileWriter.Finished> finished() {
        return finished;
    }

    /// One swap for each chain of adjacent runs of a partition.
    private static List<SealedSwap> swaps(List<SealedRun> runs) {
        List<SealedSwap> swaps = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= runs.size(); i++) {
            boolean isAdjacent = i < runs.size()
                    && runs.get(i).partitionId().equals(runs.get(first).partitionId())
                    && runs.get(i).firstOffset() == runs.get(i - 1).endOffset();
            if (!isAdjacent) {
                PartitionId partitionId = runs.get(first).partitionId();
                swaps.add(new SealedSwap(partitionId, runs.subList(first, i)));
                first = i;
            }
        }
        return swaps;
    }

    /// Deletes what was written.
    void abandon() throws IOException {
        if (source != null) {
            source.close();
        }
        if (writer != null) {
            writer.abandon();
        }
        for (SealedFileWriter.Finished file : finished) {
            files.discard(file);
        }
        finished.clear();
        planned.clear();
    }
}
