package io.millrace.store;

import io.millrace.model.RecordBatch;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealedCursor;
import io.millrace.sealed.SealedFile;
import io.millrace.sealed.SealedFiles;
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
            SealedRun run = rest.poll();
            if (run == null) {
                return false;
            }
            file = files.hold(run.fileNumber());
            if (file != null) {
                cursor = new SealedCursor(file, run.filePosition(), run.endPosition());
            }
        }
    }

    private static boolean isNext(SealedCursor cursor) throws UnreadableSourceException {
        try {
            return cursor.next();
        } catch (IOException e) {
            throw new UnreadableSourceException(e);
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
