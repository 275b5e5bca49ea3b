package io.millrace.store;

import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealedCursor;
import io.millrace.sealed.SealedFile;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import io.millrace.store.UnreadableSourceException.Place;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A run that is written again, because most of its file is dead.
///
/// Threads: the upkeep thread.
final class RunCopy implements RunSource {

    private final PartitionLog partition;
    private final SealedRun run;
    private final SealedFiles files;
    private @Nullable SealedFile file;
    private @Nullable SealedCursor cursor;

    RunCopy(PartitionLog partition, SealedRun run, SealedFiles files) {
        this.partition = partition;
        this.run = run;
        this.files = files;
    }

    @Override
    public PartitionLog partition() {
        return partition;
    }

    @Override
    public long bytes() {
        return run.bytes();
    }

    @Override
    public OptionalLong start() {
        SealedFile held = files.hold(run.fileNumber());
        file = held;
        if (held == null || !run.equals(partition.sealedRuns().answering(run.firstOffset()))) {
            return OptionalLong.empty();
        }
        cursor = new SealedCursor(held, run.filePosition(), run.endPosition());
        return OptionalLong.of(run.firstOffset());
    }

    @Override
    public long copy(SealedFileWriter writer, long bytesMax) throws IOException {
        SealedCursor batches = cursor;
        long done = 0;
        while (batches != null && done < bytesMax && next(batches)) {
            done += batches.bytes().remaining();
            if (batches.batch().lastOffset() >= partition.watermarks().logStartOffset()) {
                writer.add(batches.batch(), batches.bytes());
            }
        }
        return done;
    }

    private boolean next(SealedCursor batches) throws UnreadableSourceException {
        try {
            return batches.next();
        } catch (IOException e) {
            throw new UnreadableSourceException(Place.SEALED_FILE, partition.id(), run.endOffset() - 1, e);
        }
    }

    @Override
    public long endOffset() {
        return run.endOffset();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.release();
            file = null;
        }
    }
}
