package io.millrace.store;

import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import io.millrace.partition.IndexEntry;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealedFile;
import io.millrace.sealed.SealedFiles;
import io.millrace.sealed.SealedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds batches of one partition by timestamp, in sealed runs and then in the write-ahead log.
///
/// Threads: any; blocks on the disk. A search that batches moved away from is repeated, as in [BatchReader].
/// Units: milliseconds, record offsets.
final class BatchSearch {

    /// A search that meets moving batches again and again gives up; each pass moves a batch once.
    private static final int TRIES_MAX = 10;

    private final LogBatches log;
    private final SealedFiles files;
    private final SealedReader sealed;

    BatchSearch(BatchReader.Places places) {
        this.log = places.log();
        this.files = places.files();
        this.sealed = places.sealed();
    }

    /// One try, with the runs that the partition had when it began.
    @FunctionalInterface
    private interface Search {

        Found in(SealedRuns runs) throws IOException;
    }

    /// A batch, or none.
    ///
    /// @param isGone whether a place was gone that should have been looked at
    private record Found(@Nullable RecordBatch batch, boolean isGone) {

        static final Found NONE = new Found(null, false);
        static final Found GONE = new Found(null, true);

        boolean isNothing() {
            return batch == null && !isGone;
        }
    }

    /// The first batch behind this base offset with a record of this timestamp or a later one.
    Optional<RecordBatch> atTimestamp(PartitionLog partition, Watermarks seen, TimestampAndOffset wanted)
            throws IOException {
        return repeated(partition, runs -> atTimestamp(partition, runs, seen, wanted));
    }

    /// @param behindOffset -1 for the first of all
    record TimestampAndOffset(long timestampMillis, long behindOffset) {}

    /// The first of the batches with the largest timestamp.
    Optional<RecordBatch> atMaxTimestamp(PartitionLog partition, Watermarks seen) throws IOException {
        return repeated(partition, runs -> atMaxTimestamp(partition, runs, seen));
    }

    private static Optional<RecordBatch> repeated(PartitionLog partition, Search search) throws IOException {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            SealedRuns runs = partition.sealedRuns();
            long logStartOffset = partition.watermarks().logStartOffset();
            Found found = search.in(runs);
            boolean isUnmoved =
                    partition.sealedRuns() == runs && partition.watermarks().logStartOffset() == logStartOffset;
            if (isUnmoved && found.isGone()) {
                throw new IOException("a file of " + partition.id() + " is not there");
            }
            if (isUnmoved) {
                return Optional.ofNullable(found.batch());
            }
        }
        throw new IOException("the batches of " + partition.id() + " move faster than they can be searched");
    }

    private Found atTimestamp(PartitionLog partition, SealedRuns runs, Watermarks seen, TimestampAndOffset wanted)
            throws IOException {
        SealedReader.Since since = new SealedReader.Since(
                wanted.timestampMillis(), partition.watermarks().logStartOffset(), wanted.behindOffset());
        for (int i = 0; i < runs.count(); i++) {
            SealedRun run = runs.run(i);
            if (run.maxTimestamp() >= wanted.timestampMillis() && run.endOffset() > wanted.behindOffset()) {
                Found found = inRun(run, file -> sealed.atTimestamp(file, run, since));
                if (!found.isNothing()) {
                    return found;
                }
            }
        }
        return inLog(partition, partition.findTimestamp(wanted.timestampMillis(), wanted.behindOffset(), seen));
    }

    /// What is asked of one run while its file is held.
    @FunctionalInterface
    private interface RunSearch {

        Optional<RecordBatch> in(SealedFile file) throws IOException;
    }

    private Found inRun(SealedRun run, RunSearch search) throws IOException {
        SealedFile file = files.hold(run.fileNumber());
        if (file == null) {
            return Found.GONE;
        }
        try {
            return search.in(file).map(batch -> new Found(batch, false)).orElse(Found.NONE);
        } finally {
            file.release();
        }
    }

    private Found inLog(PartitionLog partition, Optional<IndexEntry> entry) throws IOException {
        if (entry.isEmpty()) {
            return Found.NONE;
        }
        return log.read(partition.id(), List.of(entry.get()))
                .map(stored -> new Found(stored.getFirst().kept(), false))
                .orElse(Found.GONE);
    }

    private Found atMaxTimestamp(PartitionLog partition, SealedRuns runs, Watermarks seen) throws IOException {
        long logStartOffset = partition.watermarks().logStartOffset();
        SealedRun bestRun = null;
        long best = Long.MIN_VALUE;
        for (int i = 0; i < runs.count(); i++) {
            SealedRun run = runs.run(i);
            Optional<Long> max = maxTimestamp(run, logStartOffset);
            if (max.isPresent() && (bestRun == null || max.get() > best)) {
                bestRun = run;
                best = max.get();
            }
        }
        Optional<IndexEntry> unsealed = partition.findMaxTimestamp(seen);
        if (bestRun == null || unsealed.map(IndexEntry::maxTimestamp).orElse(Long.MIN_VALUE) > best) {
            return inLog(partition, unsealed);
        }
        SealedRun run = bestRun;
        SealedReader.Since since = new SealedReader.Since(best, logStartOffset, -1);
        return inRun(run, file -> sealed.atTimestamp(file, run, since));
    }

    /// The footer knows it, unless the log's start cut a part of the run off.
    private Optional<Long> maxTimestamp(SealedRun run, long logStartOffset) throws IOException {
        if (run.firstOffset() >= logStartOffset) {
            return run.batchCount() == 0 ? Optional.empty() : Optional.of(run.maxTimestamp());
        }
        SealedFile file = files.hold(run.fileNumber());
        if (file == null) {
            // The runs are others by now, so that this search is repeated.
            return Optional.empty();
        }
        try {
            return sealed.maxTimestamp(file, run, logStartOffset);
        } finally {
            file.release();
        }
    }
}
