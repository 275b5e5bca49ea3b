package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.OffsetMap;
import io.millrace.partition.CompactionTask;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
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
            if (walk.batch().lastOffset() >= task.dirtyOffset()) {
                cleaner.readKeys(walk.batch(), this::learn);
            }
        }
        return bytes;
    }

    /// A full map ends the pass wherever that is, so that a batch with more keys than it takes is learned, too.
    private void learn(long offset, ByteBuffer key) {
        if (isDone || offset < task.dirtyOffset()) {
            return;
        }
        if (map.room() == 0) {
            endOffset = offset;
            isDone = true;
            return;
        }
        map.put(key, offset);
    }

    boolean isDone() {
        return isDone;
    }

    /// The map knows all keys before it, from where the dirty part begins. It can lie within a batch.
    long endOffset() {
        return endOffset;
    }

    @Override
    public void close() throws IOException {
        walk.close();
    }
}
