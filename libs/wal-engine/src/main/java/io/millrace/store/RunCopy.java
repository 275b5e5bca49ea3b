package io.millrace.store;

import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Adjacent runs of a partition that are written again, as one.
///
/// Threads: the upkeep thread.
final class RunCopy implements RunSource {

    private final PartitionLog partition;
    private final List<SealedRun> runs;
    private final SealedFiles files;
    private final Pen pen;
    private @Nullable RunWalk walk;

    /// Puts down what is to stay of the batch that a walk is at.
    interface Pen {

        /// As it is.
        Pen SAME = (from, writer) -> writer.add(from.batch(), from.record());

        void write(RunWalk from, SealedFileWriter writer) throws IOException;
    }

    RunCopy(PartitionLog partition, List<SealedRun> runs, SealedFiles files, Pen pen) {
        this.partition = partition;
        this.runs = List.copyOf(runs);
        this.files = files;
        this.pen = pen;
    }

    @Override
    public PartitionLog partition() {
        return partition;
    }

    @Override
    public long bytes() {
        return runs.stream().mapToLong(SealedRun::bytes).sum();
    }

    @Override
    public OptionalLong start() {
        SealedRuns now = partition.sealedRuns();
        List<SealedRun> living = runs.stream()
                .filter(run -> run.equals(now.answering(run.firstOffset())))
                .toList();
        walk = new RunWalk(living, files);
        return living.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(living.getFirst().firstOffset());
    }

    @Override
    public long copy(SealedFileWriter writer, long bytesMax) throws IOException {
        long done = 0;
        while (walk != null && done < bytesMax && walk.next()) {
            done += walk.record().remaining();
            if (walk.batch().lastOffset() >= partition.watermarks().logStartOffset()) {
                pen.write(walk, writer);
            }
        }
        return done;
    }

    @Override
    public long endOffset() {
        return runs.getLast().endOffset();
    }

    @Override
    public void close() throws IOException {
        if (walk != null) {
            walk.close();
        }
    }
}
