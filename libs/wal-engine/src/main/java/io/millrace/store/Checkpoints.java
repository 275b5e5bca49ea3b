package io.millrace.store;

import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import io.millrace.partition.StateCodec;
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
/// Threads: the upkeep thread asks for a snapshot and writes it; the commit thread takes it between two rounds.
final class Checkpoints {

    private final WalStorage storage;
    private final WriteAheadLog log;
    private final ShardState state;
    private final SpaceLedger space;
    private final SealedFiles files;
    private final long everyBytes;
    private final WalEvents events;
    /// Written by the upkeep thread, cleared by the commit thread.
    private volatile boolean isWanted;
    /// Written by the commit thread, cleared by the upkeep thread.
    private volatile @Nullable Snapshot snapshot;
    /// The following are written by the upkeep thread.
    private volatile Optional<Long> lastPosition;

    private volatile boolean isDiskFull;

    /// A checkpoint, and the segments and sealed files that it makes superfluous.
    private record Snapshot(Checkpoint checkpoint, Set<Long> deadSegments, Set<Long> deadFiles) {}

    /// @param everyBytes how much of the log lies between two checkpoints at most
    Checkpoints(WalStorage storage, StoreRecovery.Result recovered, long everyBytes, WalEvents events) {
        this.storage = storage;
        this.log = recovered.log();
        this.state = recovered.state();
        this.space = recovered.space();
        this.files = recovered.files();
        this.everyBytes = everyBytes;
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

    /// Commit thread, between two rounds: the state is exactly what the log holds.
    ///
    /// @return whether a snapshot was taken
    boolean takeIfWanted() {
        if (!isWanted) {
            return false;
        }
        Set<Long> deadSegments = space.takeDead();
        Set<Long> deadFiles = space.sealed().takeDead();
        LogManifest manifest = log.manifestWithout(deadSegments);
        SealedManifest sealed = files.manifestOf(space.sealed().living());
        Checkpoint checkpoint = new Checkpoint(manifest, sealed, StateCodec.encode(state));
        snapshot = new Snapshot(checkpoint, deadSegments, deadFiles);
        isWanted = false;
        return true;
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
