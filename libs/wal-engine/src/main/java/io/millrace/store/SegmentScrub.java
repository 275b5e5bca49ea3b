package io.millrace.store;

import io.millrace.partition.CoveringEntry;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.ShardState;
import io.millrace.store.Damage.LostOffsets;
import io.millrace.wal.SegmentVerification;
import io.millrace.wal.WriteAheadLog.SegmentExtent;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks at one segment, and says which batches a flaw in it concerns: those that cannot be read any more.
///
/// Threads: the one that scrubs.
final class SegmentScrub implements FileScrub {

    private final SegmentExtent extent;
    private final ShardState state;
    private final Consumer<Damage> damages;
    private final SegmentVerification segment;

    private SegmentScrub(WalStorage disk, SegmentExtent extent, ShardState state, Consumer<Damage> damages)
            throws IOException {
        this.extent = extent;
        this.state = state;
        this.damages = damages;
        this.segment = SegmentVerification.open(disk, extent, this::found);
    }

    static SegmentScrub open(WalStorage disk, SegmentExtent extent, ShardState state, Consumer<Damage> damages)
            throws IOException {
        return new SegmentScrub(disk, extent, state, damages);
    }

    private void found(SegmentVerification.Flaw flaw) {
        List<LostOffsets> affected = new ArrayList<>();
        for (PartitionLog partition : state.allPartitions()) {
            addUnreadable(partition, flaw, affected);
        }
        damages.accept(new Damage(extent.fileName(), flaw.filePosition(), flaw.what(), Damage.Kind.ROUNDS, affected));
    }

    private void addUnreadable(PartitionLog partition, SegmentVerification.Flaw flaw, List<LostOffsets> affected) {
        LostOffsets open = null;
        for (CoveringEntry batch :
                partition.findBetween(extent.basePosition() + flaw.from(), extent.basePosition() + flaw.end())) {
            if (segment.isReadable(batch.entry().position(), batch.entry().sizeInLog())) {
                continue;
            }
            long first = batch.entry().baseOffset();
            if (open != null && open.endOffset() == first) {
                open = new LostOffsets(partition.id(), open.firstOffset(), batch.endOffset());
                affected.set(affected.size() - 1, open);
            } else {
                open = new LostOffsets(partition.id(), first, batch.endOffset());
                affected.add(open);
            }
        }
    }

    @Override
    public boolean isDone() {
        return segment.isDone();
    }

    @Override
    public long step() {
        return segment.step();
    }

    @Override
    public void close() throws IOException {
        segment.close();
    }
}
