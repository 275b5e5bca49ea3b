package io.millrace.store;

import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealOptions;
import java.util.ArrayList;
import java.util.List;

/// Decides which neighbouring runs of a partition should become one. Each pass over the log adds a run to each
/// partition, so without joining, runs and files would be as many as passes.
///
/// A byte is copied again only into a run some times as large as the one it comes from, so it is copied as often as the
/// logarithm of the partition's size says. Runs as large as runs become are left alone.
///
/// Threads: immutable. Units: bytes.
///
/// @param countMin how many neighbours are worth it
/// @param runBytesMin what a run that was divided has at least
record RunJoins(int countMin, long runBytesMin) {

    private static final int GROWTH_MIN = 4;

    static RunJoins of(SealOptions options) {
        return new RunJoins(options.joinedRunsMin(), (long) options.runEntriesMax() * options.stretchBytes());
    }

    /// The most that one partition has to join, if all runs are as large as those that are joined.
    long bytesMax() {
        return countMin * runBytesMin / 2;
    }

    /// The newest neighbours that are worth it.
    ///
    /// @param bytesMax of all of them
    /// @return empty if there are none
    List<SealedRun> find(SealedRuns runs, long bytesMax) {
        for (int end = runs.count(); end >= countMin; end--) {
            int first = first(runs, end, bytesMax);
            if (first < end) {
                List<SealedRun> found = new ArrayList<>(end - first);
                for (int i = first; i < end; i++) {
                    found.add(runs.run(i));
                }
                return found;
            }
        }
        return List.of();
    }

    /// Where neighbours begin that end before this run and are worth it, or this run.
    private int first(SealedRuns runs, int end, long bytesMax) {
        long bytes = 0;
        long largest = 0;
        for (int i = end - 1; i >= 0; i--) {
            long runBytes = runs.run(i).bytes();
            bytes += runBytes;
            largest = Math.max(largest, runBytes);
            if (bytes > bytesMax || runBytes >= runBytesMin) {
                return end;
            }
            int count = end - i;
            if (count >= countMin && bytes > 0 && GROWTH_MIN * largest <= bytes && 2 * countAfter(bytes) <= count) {
                return i;
            }
        }
        return end;
    }

    private long countAfter(long bytes) {
        return bytes / runBytesMin + 1;
    }
}
