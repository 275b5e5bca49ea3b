package io.millrace.store;

import io.millrace.model.RecordBatch;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealedCursor;
import io.millrace.sealed.SealedFile;
import io.millrace.sealed.SealedFiles;
import io.millrace.store.UnreadableSourceException.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Walks over the batches of runs, one after the other. A run whose file is gone is skipped: nobody reads it any more.
///
/// Threads: the upkeep thread.
final class RunWalk implements AutoCloseable {

    private final SealedFiles files;
    private final ArrayDeque<SealedRun> rest;
    /// The one it is in.
    private @Nullable SealedRun run;

    private @Nullable SealedFile file;
    private @Nullable SealedCursor cursor;

    RunWalk(List<SealedRun> runs, SealedFiles files) {
        this.files = files;
        this.rest = new ArrayDeque<>(runs);
    }

    /// Moves to the next batch.
    ///
    /// @return false behind the last one
    boolean next() throws IOException {
        while (true) {
            if (cursor != null && isNext(cursor)) {
                return true;
            }
            close();
            if (rest.isEmpty()) {
                return false;
            }
            run = rest.remove();
            file = files.hold(run.fileNumber());
            if (file != null) {
                cursor = new SealedCursor(file, run.filePosition(), run.endPosition());
            }
        }
    }

    private boolean isNext(SealedCursor at) throws UnreadableSourceException {
        try {
            return at.next();
        } catch (IOException e) {
            SealedRun in = Objects.requireNonNull(run, "a cursor is in a run");
            throw new UnreadableSourceException(Place.SEALED_FILE, in.partitionId(), in.endOffset() - 1, e);
        }
    }

    RecordBatch batch() {
        return Objects.requireNonNull(cursor, "there was a next one").batch();
    }

    /// The batch's record as it lies in the file.
    ByteBuffer record() {
        return Objects.requireNonNull(cursor, "there was a next one").bytes();
    }

    @Override
    public void close() throws IOException {
        cursor = null;
        if (file != null) {
            file.release();
            file = null;
        }
    }
}
