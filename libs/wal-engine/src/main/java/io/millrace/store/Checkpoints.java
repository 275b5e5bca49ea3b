package io.millrace.store;

import io.millrace.partition.CapturedState;
import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import io.millrace.partition.StateCapture;
import io.millrace.sealed.SealedFiles;
import io.millrace.sealed.SealedFiles.FileSummary;
import io.millrace.sealed.SealedManifest;
import io.millrace.wal.LogManifest;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the state down, for two reasons: what is replayed at a start stays bounded, and segments and sealed
/// files in which nothing lives can be freed. What else their entries said must survive them, so a checkpoint
/// comes first.
///
/// A snapshot is taken in slices, between which the log goes on. Which files are dead is decided before the first
/// slice, so that whatever a slice counts on is in a file that the checkpoint names. What dies later waits for the next
/// one.
///
/// Threads: the upkeep thread asks for a snapshot and writes it; the commit thread takes it between rounds.
final class Checkpoints {

    private final WalStorage storage;
    private final WriteAheadLog log;
    private final ShardState state;
    private final SpaceLedger space;
    private final SealedFiles files;
    private final long everyBytes;
    private final int partitionsPerSlice;
    private final WalEvents events;
    /// Of the commit thread.
    private @Nullable Taking taking;
    /// Written by the upkeep thread, cleared by the commit thread.
    private volatile boolean isWanted;
    /// Written by the commit thread, cleared by the upkeep thread.
    private volatile @Nullable Snapshot snapshot;
    /// The following are written by the upkeep thread.
    private volatile Optional<Long> lastPosition;

    private volatile boolean isDiskFull;

    /// A snapshot that is not complete.
    private record Taking(StateCapture capture, SealedManifest sealed, Set<Long> deadSegments, Set<Long> deadFiles) {}

    /// A checkpoint, and the segments and sealed files that it makes superfluous.
    private record Snapshot(Checkpoint checkpoint, Set<Long> deadSegments, Set<Long> deadFiles) {}

    Checkpoints(WalStorage storage, StoreRecovery.Result recovered, WalOptions options, WalEvents events) {
        this.storage = storage;
        this.log = recovered.log();
        this.state = recovered.state();
        this.space = recovered.space();
        this.files = recovered.files();
        this.everyBytes = options.checkpointBytes();
        this.partitionsPerSlice = options.checkpointSliceMax();
        this.events = events;
        this.lastPosition = recovered.checkpointPosition();
    }

    Optional<Long> lastPosition() {
        return lastPosition;
    }

    /// Whether a snapshot waits to be written, or one should be taken. On a full disk only time brings work.
    boolean hasWork() {
        return (snapshot != null && !isDiskFull) || (snapshot == null && !isWanted && isDue());
    }

    private boolean isDue() {
        return space.hasDead()
                || space.sealed().hasDead()
                || log.end().position() - lastPosition.orElse(0L) >= everyBytes;
    }

    /// Whether slices were taken and more are to come; until then nothing may change that is not in the log. Commit
    /// thread.
    boolean isTaking() {
        return taking != null;
    }

    /// Commit thread, between two rounds: takes a slice, if a snapshot is wanted.
    ///
    /// @return whether it was the last one
    boolean takeIfWanted() {
        if (!isWanted) {
            return false;
        }
        Taking current = taking != null ? taking : begin();
        Optional<CapturedState> captured = current.capture().step(log.end().position());
        if (captured.isEmpty()) {
            taking = current;
            return false;
        }
        taking = null;
        LogManifest manifest = log.manifestWithout(current.deadSegments());
        Checkpoint checkpoint = new Checkpoint(manifest, current.sealed(), captured.get());
        snapshot = new Snapshot(checkpoint, current.deadSegments(), current.deadFiles());
        isWanted = false;
        return true;
    }

    private Taking begin() {
        Set<Long> deadSegments = space.takeDead();
        Set<Long> deadFiles = space.sealed().takeDead();
        SealedManifest sealed = files.manifestOf(space.sealed().living());
        return new Taking(new StateCapture(state, partitionsPerSlice), sealed, deadSegments, deadFiles);
    }

    /// Upkeep thread.
    ///
    /// @return whether the commit thread must take a snapshot now
    boolean step() throws IOException {
        Snapshot taken = snapshot;
        if (taken != null) {
            free(taken);
        } else if (!isWanted && isDue()) {
            isWanted = true;
        }
        return isWanted;
    }

    private void free(Snapshot taken) throws IOException {
        try {
            taken.checkpoint().write(storage);
            isDiskFull = false;
        } catch (DiskFullException e) {
            // The snapshot stays valid: the next step tries again.
            isDiskFull = true;
            return;
        }
        log.keepFree(Checkpoint.bytesForNext(storage));
        lastPosition = Optional.of(taken.checkpoint().manifest().end().position());
        long before = bytesInFiles();
        log.free(taken.deadSegments());
        space.forget(taken.deadSegments());
        files.delete(taken.deadFiles());
        space.sealed().forget(taken.deadFiles());
        snapshot = null;
        events.spaceFreed(taken.deadSegments().size(), taken.deadFiles().size(), before - bytesInFiles());
    }

    private long bytesInFiles() {
        long segments = log.extents().stream()
                .mapToLong(extent -> extent.endPosition() - extent.basePosition())
                .sum();
        return segments
                + files.summaries().stream().mapToLong(FileSummary::bytes).sum();
    }
}
