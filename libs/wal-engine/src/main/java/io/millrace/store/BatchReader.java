package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Watermarks;
import io.millrace.partition.IndexEntry;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealedFile;
import io.millrace.sealed.SealedFiles;
import io.millrace.sealed.SealedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Reads batches of one partition, from a sealed run or from the write-ahead log: one answer comes from one
/// place.
///
/// Batches may move while somebody looks for them: runs are published before the index forgets, and files and
/// segments are let go after that. So a look that found nothing, or found a place that is gone, is repeated
/// when the runs are others than before.
///
/// Threads: any; blocks on the disk.
final class BatchReader {

    private final ShardState state;
    private final LogBatches log;
    private final SealedFiles files;
    private final SealedReader sealed;
    private final int readBytesMax;

    BatchReader(ShardState state, Places places, int readBytesMax) {
        this.state = state;
        this.log = places.log();
        this.files = places.files();
        this.sealed = places.sealed();
        this.readBytesMax = readBytesMax;
    }

    /// Where batches are.
    record Places(LogBatches log, SealedFiles files, SealedReader sealed) {}

    ReadOutcome read(ReadRequest request) throws IOException {
        PartitionId partitionId = request.partitionId();
        long fromOffset = request.fromOffset();
        while (true) {
            PartitionLog partition = state.find(partitionId);
            if (partition == null) {
                return new ReadOutcome.Refused(Refusal.UNKNOWN_PARTITION, "There is no partition " + partitionId + ".");
            }
            Watermarks seen = partition.watermarks();
            if (fromOffset < seen.logStartOffset() || fromOffset > seen.highWatermark()) {
                return new ReadOutcome.OutOfRange(seen);
            }
            SealedRuns runs = partition.sealedRuns();
            Optional<List<RecordBatch>> batches = beforeDamage(
                    partition, runs, new Wanted(seen, fromOffset, Math.min(request.maxBytes(), readBytesMax)));
            boolean isUnmoved = partition.sealedRuns() == runs;
            boolean isStillThere = state.find(partitionId) == partition
                    && partition.watermarks().logStartOffset() <= fromOffset;
            if (isStillThere && isUnmoved && batches.isPresent()) {
                return new ReadOutcome.Batches(batches.get(), seen);
            }
            if (isStillThere && isUnmoved) {
                throw new IOException("the file of offset " + fromOffset + " of " + partitionId + " is not there");
            }
        }
    }

    private record Wanted(Watermarks seen, long fromOffset, int bytesMax) {

        Wanted firstBatch() {
            return new Wanted(seen, fromOffset, 1);
        }
    }

    /// What is damaged must not keep back what lies before it.
    private Optional<List<RecordBatch>> beforeDamage(PartitionLog partition, SealedRuns runs, Wanted wanted)
            throws IOException {
        try {
            return batches(partition, runs, wanted);
        } catch (IOException damaged) {
            try {
                return batches(partition, runs, wanted.firstBatch());
            } catch (IOException e) {
                damaged.addSuppressed(e);
                throw damaged;
            }
        }
    }

    /// Empty if a file is gone.
    private Optional<List<RecordBatch>> batches(PartitionLog partition, SealedRuns runs, Wanted wanted)
            throws IOException {
        long fromOffset = wanted.fromOffset();
        SealedRun run = runs.answering(fromOffset);
        while (run != null) {
            Optional<List<RecordBatch>> batches = sealed(run, wanted);
            if (batches.isEmpty() || !batches.get().isEmpty()) {
                return batches;
            }
            // Behind the last batch of a run there may be offsets without any.
            fromOffset = run.endOffset();
            run = runs.answering(fromOffset);
        }
        List<IndexEntry> entries = partition.find(fromOffset, wanted.seen(), wanted.bytesMax());
        return log.read(partition.id(), entries)
                .map(stored -> stored.stream().map(StoredBatch::kept).toList());
    }

    private Optional<List<RecordBatch>> sealed(SealedRun run, Wanted wanted) throws IOException {
        SealedFile file = files.hold(run.fileNumber());
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(sealed.read(
                    file,
                    run,
                    new SealedReader.Wanted(wanted.fromOffset(), wanted.seen().highWatermark(), wanted.bytesMax())));
        } finally {
            file.release();
        }
    }
}
