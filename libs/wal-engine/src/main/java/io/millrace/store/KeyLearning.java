package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.OffsetMap;
import io.millrace.model.RecordBatch;
import io.millrace.partition.CompactionTask;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads the keys of a partition's dirty part, oldest first, as far as the map takes them.
///
/// Threads: the upkeep thread.
final class KeyLearning implements AutoCloseable {

    private static final int PIECE_BYTES = 1 << 20;

    private final CompactionTask task;
    private final BatchCleaner cleaner;
    private final OffsetMap map;
    private final RunWalk walk;
    private long endOffset;
    private boolean isDone;

    KeyLearning(CompactionTask task, SealedFiles files, BatchCleaner cleaner, OffsetMap map) {
        this.task = task;
        this.cleaner = cleaner;
        this.map = map;
        this.walk = new RunWalk(dirtyRuns(task), files);
        this.endOffset = task.dirtyOffset();
    }

    private static List<SealedRun> dirtyRuns(CompactionTask task) {
        SealedRuns runs = task.partition().sealedRuns();
        List<SealedRun> dirty = new ArrayList<>();
        for (int i = 0; i < runs.count(); i++) {
            if (runs.run(i).endOffset() > task.dirtyOffset() && runs.run(i).firstOffset() < task.endOffset()) {
                dirty.add(runs.run(i));
            }
        }
        return dirty;
    }

    /// Reads a piece.
    ///
    /// @return how many bytes
    long step() throws IOException {
        long bytes = 0;
        while (!isDone && bytes < PIECE_BYTES) {
            if (!walk.next() || walk.batch().baseOffset() >= task.endOffset()) {
                endOffset = task.endOffset();
                isDone = true;
                break;
            }
            bytes += walk.record().remaining();
            learn(walk.batch());
        }
        return bytes;
    }

    private void learn(RecordBatch batch) {
        if (batch.lastOffset() < task.dirtyOffset()) {
            return;
        }
        // A batch that no empty map would take tells nothing: what it supersedes stays, or the pass would never end.
        boolean isTooLarge = batch.recordCount() > map.capacity();
        if (!isTooLarge && batch.recordCount() > map.room()) {
            endOffset = batch.baseOffset();
            isDone = true;
            return;
        }
        if (!isTooLarge) {
            cleaner.readKeys(batch, (offset, key) -> map.put(key, offset));
        }
    }

    boolean isDone() {
        return isDone;
    }

    /// The map knows all keys before it.
    long endOffset() {
        return endOffset;
    }

    @Override
    public void close() throws IOException {
        walk.close();
    }
}
