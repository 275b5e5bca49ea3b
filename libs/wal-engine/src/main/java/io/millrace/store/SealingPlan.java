package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedLedger;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Decides what comes into which file of a pass.
///
/// Threads: the upkeep thread. Units: bytes.
final class SealingPlan {

    private static final Comparator<PartitionLog> BY_ID = Comparator.comparing(PartitionLog::id);

    /// How many times the size of a shared file is joined in a pass.
    private static final int JOINED_FILES_MAX = 8;

    private static final int ROOM_SHARES = 4;

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

    /// What still lives in sparse files, those apart in which something cannot be read.
    List<List<RunSource>> ofSparse(SealedLedger ledger) {
        Set<Long> numbers = ledger.takeSparse(options.packedFileBytesMax(), unreadable());
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

    private Set<Long> unreadable() {
        Set<Long> numbers = new HashSet<>();
        for (PartitionId partitionId : files.obstacles().partitionsInFiles()) {
            PartitionLog partition = state.find(partitionId);
            SealedRuns runs = partition == null ? SealedRuns.of(List.of()) : partition.sealedRuns();
            for (int i = 0; i < runs.count(); i++) {
                numbers.add(runs.run(i).fileNumber());
            }
        }
        return numbers;
    }

    /// Neighbouring runs that become one. In a file of their own they are at most half of their partition, since what
    /// is
    /// deleted of such a file frees no space before all of it is.
    ///
    /// @param roomBytes of the disk, of which the log needs the most part meanwhile
    List<List<RunSource>> ofNeighbours(long roomBytes) {
        List<RunSource> joined = new ArrayList<>();
        long bytesMax = Math.max(JOINED_FILES_MAX * options.packedFileBytesMax(), joins.bytesMax());
        long rest = Math.min(bytesMax, roomBytes / ROOM_SHARES);
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
