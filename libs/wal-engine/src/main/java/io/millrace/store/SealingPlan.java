package io.millrace.store;

import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealOptions;
import io.millrace.sealed.SealedFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Decides what comes into which file of a pass.
///
/// Threads: the upkeep thread.
final class SealingPlan {

    private static final Comparator<PartitionLog> BY_ID = Comparator.comparing(PartitionLog::id);

    private final ShardState state;
    private final SealOptions options;

    SealingPlan(ShardState state, SealOptions options) {
        this.state = state;
        this.options = options;
    }

    /// All batches that lie in the log before this position: a file of its own for each partition with much,
    /// shared ones for the others.
    List<List<RunSource>> ofLog(LogBatches log, long endPosition) {
        List<List<RunSource>> plan = new ArrayList<>();
        List<RunSource> small = new ArrayList<>();
        for (PartitionLog partition : partitions()) {
            LogSource source = new LogSource(partition, log, endPosition);
            if (source.bytes() >= options.ownFileBytesMin()) {
                plan.add(List.of(source));
            } else if (source.bytes() > 0) {
                small.add(source);
            }
        }
        plan.addAll(packed(small));
        return plan;
    }

    private List<PartitionLog> partitions() {
        return state.allPartitions().stream().sorted(BY_ID).toList();
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
    List<List<RunSource>> ofFiles(SealedFiles files, Collection<Long> numbers) {
        List<RunSource> living = new ArrayList<>();
        for (PartitionLog partition : partitions()) {
            SealedRuns runs = partition.sealedRuns();
            for (int i = 0; i < runs.count(); i++) {
                SealedRun run = runs.run(i);
                if (numbers.contains(run.fileNumber())) {
                    living.add(new RunCopy(partition, run, files));
                }
            }
        }
        return packed(living);
    }
}
