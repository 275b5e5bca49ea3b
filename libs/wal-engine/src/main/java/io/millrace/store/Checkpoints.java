package io.millrace.store;

import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import io.millrace.partition.StateCodec;
import io.millrace.wal.LogManifest;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Frees segments in which nothing lives. What else their entries said must survive them, so a checkpoint comes
/// first.
///
/// Threads: the upkeep thread asks for a snapshot and writes it; the commit thread takes it between two rounds.
final class Checkpoints {

    private final WalStorage storage;
    private final WriteAheadLog log;
    private final ShardState state;
    private final SpaceLedger space;
    private final WalEvents events;
    /// Written by the upkeep thread, cleared by the commit thread.
    private volatile boolean isWanted;
    /// Written by the commit thread, cleared by the upkeep thread.
    private volatile @Nullable Snapshot snapshot;
    /// The following are written by the upkeep thread.
    private volatile Optional<Long> lastPosition;

    private volatile boolean isDiskFull;

    /// A checkpoint and the segments that it makes superfluous.
    private record Snapshot(Checkpoint checkpoint, Set<Long> dead) {}

    Checkpoints(WalStorage storage, WriteAheadLog log, StoreRecovery.Result recovered, WalEvents events) {
        this.storage = storage;
        this.log = log;
        this.state = recovered.state();
        this.space = recovered.space();
        this.events = events;
        this.lastPosition = recovered.checkpointPosition();
    }

    Optional<Long> lastPosition() {
        return lastPosition;
    }

    /// Whether a snapshot waits to be written, or one should be taken. On a full disk only time brings work.
    boolean hasWork() {
        return (snapshot != null && !isDiskFull) || (!isWanted && space.hasDead());
    }

    /// Commit thread, between two rounds: the state is exactly what the log holds.
    ///
    /// @return whether a snapshot was taken
    boolean takeIfWanted() {
        if (!isWanted) {
            return false;
        }
        Set<Long> dead = space.takeDead();
        LogManifest manifest = log.manifestWithout(dead);
        snapshot = new Snapshot(new Checkpoint(manifest, StateCodec.encode(state)), dead);
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
        } else if (!isWanted && space.hasDead()) {
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
        long before = bytesInSegments();
        log.free(taken.dead());
        space.forget(taken.dead());
        snapshot = null;
        events.spaceFreed(taken.dead().size(), before - bytesInSegments());
    }

    private long bytesInSegments() {
        return log.extents().stream()
                .mapToLong(extent -> extent.endPosition() - extent.basePosition())
                .sum();
    }
}
