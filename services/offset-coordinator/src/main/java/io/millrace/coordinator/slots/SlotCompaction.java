package io.millrace.coordinator.slots;

import io.millrace.coordinator.slots.SlotIndex.Located;
import io.millrace.model.Invariant;
import io.millrace.wal.CheckedFile;
import io.millrace.wal.LogManifest;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.WriteAheadLog.SegmentExtent;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Frees the oldest segment when most of the log is dead: moves what lives in it to the end, writes the manifest
/// without it, deletes it.
///
/// Threads: the upkeep thread; each step is short and waits for nobody.
final class SlotCompaction {

    static final String MANIFEST_FILE = "manifest";

    /// Moved in one step, so that the writes of others never wait behind more.
    private static final int STEP_BYTES_MAX = 256 << 10;

    /// What is left of the last segment on a full disk stays free of moves to this part of a segment.
    private static final int KEPT_PART = 64;

    private final WalStorage storage;
    private final WriteAheadLog log;
    private final SlotIndex index;
    private final ChangeQueue queue;
    private final SlotWriter writer;
    /// Written by the upkeep thread.
    private volatile @Nullable Victim victim;

    SlotCompaction(WalStorage storage, SlotWriter.Parts parts, SlotWriter writer) {
        this.storage = storage;
        this.log = parts.log();
        this.index = parts.index();
        this.queue = parts.queue();
        this.writer = writer;
    }

    /// The segment that is being freed.
    private static final class Victim {
        private final SegmentExtent extent;
        private final List<Located> living;
        private int movedCount;
        private CompletableFuture<Void> moves = CompletableFuture.completedFuture(null);
        private boolean isManifestWanted;
        private @Nullable LogManifest manifest;

        private Victim(SegmentExtent extent, List<Located> living) {
            this.extent = extent;
            this.living = living;
        }

        private long bytesToMove() {
            return living.subList(movedCount, living.size()).stream()
                    .mapToLong(located -> located.place().sizeInLog())
                    .sum();
        }
    }

    /// Whether more of the log is dead than lives, beyond what two segments hold.
    boolean hasWork() {
        return victim != null || isDue(log.extents());
    }

    private boolean isDue(List<SegmentExtent> extents) {
        long bytes = 0;
        for (SegmentExtent extent : extents) {
            bytes += extent.endPosition() - extent.basePosition();
        }
        return extents.size() > 1 && bytes > 2 * index.liveBytes() + 2L * log.segmentBytes();
    }

    /// One step; the next one has to wait for the writer.
    ///
    /// @return how many segments were freed
    int step() throws IOException {
        Victim current = victim == null ? chosen() : victim;
        if (current == null || !current.moves.isDone()) {
            return 0;
        }
        if (current.moves.isCompletedExceptionally()) {
            // A full disk; or the log failed, which the writer has told already. Later it begins anew.
            victim = null;
            return 0;
        }
        if (current.movedCount < current.living.size()) {
            boolean isFull = writer.isFull();
            if (isFull && !fits(current)) {
                // Chosen anew, since what lived may be gone by then.
                victim = null;
                return 0;
            }
            move(current, isFull);
            return 0;
        }
        return free(current);
    }

    private @Nullable Victim chosen() {
        List<SegmentExtent> extents = log.extents();
        if (isDue(extents)) {
            SegmentExtent oldest = extents.getFirst();
            victim = new Victim(oldest, index.before(oldest.endPosition()));
        }
        return victim;
    }

    /// Moves that fill a full disk and free nothing would leave no room to take a shard over. What is written is
    /// rounded up, which is at most as much again.
    private boolean fits(Victim current) {
        SegmentExtent last = log.extents().getLast();
        long left = last.basePosition() + log.segmentBytes() - last.endPosition();
        return 2 * current.bytesToMove() <= left - log.segmentBytes() / KEPT_PART;
    }

    private void move(Victim current, boolean mayUseReserve) throws IOException {
        int first = current.movedCount;
        int end = first;
        long bytes = 0;
        while (end < current.living.size() && (end == first || bytes < STEP_BYTES_MAX)) {
            bytes += current.living.get(end).place().sizeInLog();
            end++;
        }
        List<Located> slots = current.living.subList(first, end);
        List<Optional<byte[]>> values = new SlotReader(log).read(slots);
        List<CompletableFuture<Void>> moves = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            Located located = slots.get(i);
            byte[] value = values.get(i)
                    .orElseThrow(() -> new IllegalStateException("only this frees segments, and it has not yet"));
            Change.Move move = new Change.Move(
                    located.slot(), value, located.place().position(), mayUseReserve, new CompletableFuture<>());
            moves.add(move.done());
            queue.add(move);
        }
        current.movedCount = end;
        current.moves = CompletableFuture.allOf(moves.toArray(CompletableFuture[]::new));
    }

    private int free(Victim current) throws IOException {
        long base = current.extent.basePosition();
        if (!current.isManifestWanted) {
            Invariant.check(index.isDead(base), "what lived in the segment was moved, changed or removed");
            current.isManifestWanted = true;
            writer.wantManifestWithout(base);
            return 0;
        }
        // Kept when it could not be written: it stays true.
        if (current.manifest == null) {
            current.manifest = writer.takeManifest();
        }
        LogManifest manifest = current.manifest;
        if (manifest == null) {
            return 0;
        }
        ByteBuffer content = ByteBuffer.allocate(manifest.encodedBytes());
        manifest.encode(content);
        CheckedFile.write(storage, MANIFEST_FILE, content.flip());
        log.free(Set.of(base));
        index.forget(base);
        victim = null;
        return 1;
    }
}
