package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.OffsetMap;
import io.millrace.compaction.Survivors;
import io.millrace.partition.CompactionTask;
import io.millrace.partition.RemovedBytes;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compacts one partition after the other: learns keys first, then has the runs written anew without what they
/// supersede.
///
/// Threads: the upkeep thread.
final class Compaction {

    private static final int MAP_BYTES_MIN = 64 * 1024;
    private static final int MAP_BYTES_PER_BYTE = 4;

    private final CompactionChoice choice;
    private final SealedFiles files;
    private final Obstacles obstacles;
    private final BatchCleaner cleaner;
    private final Bounds bounds;
    private @Nullable Work work;

    /// @param mapBytes memory for keys, taken while a partition is compacted
    /// @param fileBytesMax how large the new files become, the last run apart
    record Bounds(long mapBytes, long fileBytesMax) {}

    /// What it reads, and what of that cannot be read.
    record Files(SealedFiles all, Obstacles obstacles) {}

    private record Work(CompactionTask task, OffsetMap map, KeyLearning learning, RemovedBytes removed) {}

    Compaction(CompactionChoice choice, Files files, BatchCleaner cleaner, Bounds bounds) {
        this.choice = choice;
        this.files = files.all();
        this.obstacles = files.obstacles();
        this.cleaner = cleaner;
        this.bounds = bounds;
    }

    /// Any thread.
    boolean isWaiting() {
        return !choice.isEmpty();
    }

    boolean isLearning() {
        return work != null && !work.learning().isDone();
    }

    /// Begins with the most urgent partition that can be read, if there is one.
    void begin() {
        Optional<CompactionTask> next = choice.take();
        while (next.isPresent() && obstacles.isInFilesOf(next.get().partition().id())) {
            next = choice.take();
        }
        if (next.isPresent()) {
            CompactionTask task = next.get();
            OffsetMap map = new OffsetMap(mapBytes(task.partition().sizeInBytes()));
            KeyLearning learning = new KeyLearning(task, files, cleaner, map);
            work = new Work(
                    task, map, learning, new RemovedBytes(task.partition().sizeInBytes()));
        }
    }

    /// A small partition has few keys.
    private long mapBytes(long partitionBytes) {
        return Math.min(bounds.mapBytes(), MAP_BYTES_MIN + MAP_BYTES_PER_BYTE * partitionBytes);
    }

    /// Learns a piece.
    ///
    /// @return how many bytes
    long learn() throws IOException {
        return work == null ? 0 : work.learning().step();
    }

    /// What has to be written, once all was learned: everything before what the map covers, in files of bounded size.
    List<List<RunSource>> plan() throws IOException {
        if (work == null) {
            return List.of();
        }
        work.learning().close();
        CompactionTask task = work.task();
        Survivors survivors = new Survivors(work.map(), work.learning().endOffset(), task.kept(), task.tombstones());
        CleaningPen pen = new CleaningPen(task.partition().id(), survivors, cleaner, work.removed());
        List<List<RunSource>> plan = new ArrayList<>();
        List<SealedRun> group = new ArrayList<>();
        long bytes = 0;
        SealedRuns runs = task.partition().sealedRuns();
        for (int i = 0;
                i < runs.count() && runs.run(i).firstOffset() < work.learning().endOffset();
                i++) {
            if (bytes >= bounds.fileBytesMax()) {
                plan.add(List.of(new RunCopy(task.partition(), group, files, pen)));
                group.clear();
                bytes = 0;
            }
            group.add(runs.run(i));
            bytes += runs.run(i).bytes();
        }
        if (!group.isEmpty()) {
            plan.add(List.of(new RunCopy(task.partition(), group, files, pen)));
        }
        return plan;
    }

    /// The runs are written.
    ///
    /// @return what was done; empty if it was not compaction that had them written
    Optional<CompactionTask.Done> finish() {
        Work finished = work;
        work = null;
        return Optional.ofNullable(finished)
                .map(done ->
                        new CompactionTask.Done(done.task(), done.learning().endOffset(), done.removed()));
    }

    void giveUp() throws IOException {
        if (work != null) {
            work.learning().close();
            work = null;
        }
    }
}
