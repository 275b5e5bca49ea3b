package io.millrace.store;

import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Decides what comes into which file of a pass.
///
/// Threads: the upkeep thread. Units: bytes.
final class SealingPlan {

    private static final Comparator<PartitionLog> BY_ID = Comparator.comparing(PartitionLog::id);

    private final ShardState state;
    private final SealOptions options;
    private final Compaction.Files files;
    private final RunJoins joins;

    SealingPlan(ShardState state, SealOptions options, Compaction.Files files) {
        this.state = state;
        this.options = options;
        this.files = files;
        this.joins = RunJoins.of(options);
    }

    /// All batches that lie in the log before this position.
    List<List<RunSource>> ofLog(LogBatches log, long endPosition) {
        List<RunSource> sources = new ArrayList<>();
        for (PartitionLog partition : partitions()) {
            sources.add(new LogSource(partition, log, endPosition));
        }
        return divided(sources);
    }

    private List<PartitionLog> partitions() {
        return state.allPartitions().stream().sorted(BY_ID).toList();
    }

    /// A file of its own for each source with much, shared ones for the others.
    private List<List<RunSource>> divided(List<RunSource> sources) {
        List<List<RunSource>> plan = new ArrayList<>();
        List<RunSource> small = new ArrayList<>();
        for (RunSource source : sources) {
            if (source.bytes() >= options.ownFileBytesMin()) {
                plan.add(List.of(source));
            } else if (source.bytes() > 0) {
                small.add(source);
            }
        }
        plan.addAll(packed(small));
        return plan;
    }

    private List<List<RunSource>> packed(List<RunSource> small) {
        List<List<RunSource>> plan = new ArrayList<>();
        List<RunSource> file = new ArrayList<>();
        long bytes = 0;
        for (RunSource source : small) {
            if (bytes >= options.packedFileBytesMax()) {
                plan.add(List.copyOf(file));
                file.clear();
                bytes = 0;
            }
            file.add(source);
            bytes += source.bytes();
        }
        if (!file.isEmpty()) {
            plan.add(List.copyOf(file));
        }
        return plan;
    }

    /// What still lives in these files.
    List<List<RunSource>> ofFiles(Collection<Long> numbers) {
        List<RunSource> living = new ArrayList<>();
        for (PartitionLog partition : partitions()) {
            SealedRuns runs = partition.sealedRuns();
            for (int i = 0; i < runs.count(); i++) {
                SealedRun run = runs.run(i);
                if (numbers.contains(run.fileNumber())) {
                    living.add(new RunCopy(partition, List.of(run), files.all(), RunCopy.Pen.SAME));
                }
            }
        }
        return packed(living);
    }

    /// Neighbouring runs that become one. In a file of their own they are at most half of their partition, since what
    /// is
    /// deleted of such a file frees no space before all of it is.
    ///
    /// @param bytesMax of all that is joined
    List<List<RunSource>> ofNeighbours(long bytesMax) {
        List<RunSource> joined = new ArrayList<>();
        long rest = bytesMax;
        for (PartitionLog partition : partitions()) {
            long half = Math.max(options.ownFileBytesMin(), partition.sizeInBytes() / 2);
            List<SealedRun> found = files.obstacles().isInFilesOf(partition.id())
                    ? List.of()
                    : joins.find(partition.sealedRuns(), Math.min(rest, half));
            if (!found.isEmpty()) {
                RunSource source = new RunCopy(partition, found, files.all(), RunCopy.Pen.SAME);
                joined.add(source);
                rest -= source.bytes();
            }
        }
        return divided(joined);
    }
}
