package io.millrace.store;

import io.millrace.partition.CompactionTask;
import io.millrace.partition.SealedLedger;
import io.millrace.partition.SealedSwap;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealOptions;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import io.millrace.store.UnreadableSourceException.Place;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.WriteAheadLog.SegmentExtent;
import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moves what lies in full segments of the log into sealed files, and what lives in sparse files into new ones.
///
/// It comes late, when there are several full segments, so that what retention deletes soon is never copied.
/// Each step is a piece of a pass. When a pass has all its files on the disk, the commit thread lets partitions
/// answer from them; the next checkpoint then frees what they answered from before.
///
/// Threads: the upkeep thread takes steps, the commit thread applies; any asks.
final class Sealing {

    /// What the commit thread applies between two rounds, so that no round waits long.
    private static final int SWAPS_AT_ONCE = 32;

    private final WalStorage storage;
    private final Parts parts;
    private final SealOptions options;
    private final long spareBytesMin;
    private final WalEvents events;
    private final SealingPlan plan;
    private final Compaction compaction;
    private final Throttle throttle;
    private final NanoClock clock;
    /// Everything before this position of the log is sealed or dead. Written by the upkeep thread.
    private volatile long sealedPosition;

    /// Written by the upkeep thread.
    private volatile @Nullable SealingPass pass;
    /// Whether a pass or its preparation is under way. Written by the upkeep thread.
    private volatile boolean isBusy;
    /// Where the log is sealed to once the pass is applied.
    private long passEndPosition;
    /// Not applied yet: filled by the upkeep thread while it is null, cleared by the commit thread.
    private volatile @Nullable Ready ready;

    /// What compaction did, to be applied behind the swaps: filled before `ready`, cleared before it.
    private Optional<CompactionTask.Done> done = Optional.empty();
    /// A pass waits for space on the disk. Written by the upkeep thread.
    private volatile boolean isBlocked;

    /// A pass whose files are durable. The ledger hears of a file on the commit thread, together with its runs: a
    /// checkpoint in between would take it for dead.
    private record Ready(ArrayDeque<SealedFileWriter.Finished> files, ArrayDeque<SealedSwap> swaps) {}

    /// What it works on.
    record Parts(
            WriteAheadLog log,
            ShardState state,
            SealedLedger ledger,
            Compaction.Files readable,
            Compaction compaction) {

        SealedFiles files() {
            return readable.all();
        }

        Obstacles obstacles() {
            return readable.obstacles();
        }
    }

    Sealing(WalStorage storage, Parts parts, WalOptions options, Surroundings surroundings) {
        this.storage = storage;
        this.parts = parts;
        this.options = options.sealing();
        this.spareBytesMin = options.spareBytesMin() + options.segmentBytes();
        this.events = surroundings.events();
        this.clock = surroundings.clock();
        this.plan = new SealingPlan(parts.state(), options.sealing());
        this.compaction = parts.compaction();
        this.throttle = new Throttle(options.sealing().bytesPerSecondMax(), clock.nanos());
        this.sealedPosition = parts.log().extents().getFirst().basePosition();
    }

    record Surroundings(NanoClock clock, WalEvents events) {}

    /// Whether a step would do something now.
    boolean hasWork() {
        boolean isAble = ready == null && !isBlocked;
        return isAble && (isBusy ? throttle.waitNanos(clock.nanos()) == 0 : isDue() || compaction.isWaiting());
    }

    /// How long until the next piece of a pass may be copied; empty if no pass waits for that.
    Optional<Long> waitNanos() {
        return !isBusy || ready != null ? Optional.empty() : Optional.of(throttle.waitNanos(clock.nanos()));
    }

    private boolean isDue() {
        return isSparseDue() || isLogDue();
    }

    private boolean isSparseDue() {
        return parts.ledger().hasSparse() && !parts.obstacles().isIn(Place.SEALED_FILE);
    }

    private boolean isLogDue() {
        return unsealedBytes() > segmentsBytesMin() && !parts.obstacles().isIn(Place.SEGMENT);
    }

    private long unsealedBytes() {
        return parts.log().end().position() - sealedPosition;
    }

    private long segmentsBytesMin() {
        return (long) options.segmentCountMin() * parts.log().segmentBytes();
    }

    /// One step of the upkeep thread.
    ///
    /// @return whether the commit thread has something to apply
    boolean step() throws IOException {
        if (ready != null) {
            return true;
        }
        try {
            if (throttle.waitNanos(clock.nanos()) == 0) {
                work();
            }
        } catch (DiskFullException e) {
            giveUp();
            isBlocked = true;
        } catch (UnreadableSourceException e) {
            // Reads of the same place fail, too. Everything else is sealed and compacted as before.
            giveUp();
            parts.obstacles().add(e);
            events.sealingStopped(e);
        }
        isBusy = pass != null || compaction.isLearning();
        return ready != null;
    }

    private void work() throws IOException {
        long began = clock.nanos();
        if (compaction.isLearning()) {
            throttle.spend(compaction.learn(), began, clock.nanos());
            if (!compaction.isLearning() && begin(compaction.plan()) == null) {
                compaction.giveUp();
            }
            return;
        }
        SealingPass current = pass != null ? pass : begin();
        if (current != null) {
            throttle.spend(current.step(), began, clock.nanos());
            handOver(current);
        }
    }

    private @Nullable SealingPass begin() throws IOException {
        isBlocked = false;
        List<List<RunSource>> next = List.of();
        if (isLogDue()) {
            passEndPosition = endOfFullSegments();
            next = plan.ofLog(new LogBatches(parts.log()), passEndPosition);
            if (next.isEmpty()) {
                sealedPosition = passEndPosition;
            }
        }
        if (next.isEmpty() && isSparseDue()) {
            passEndPosition = sealedPosition;
            next = plan.ofFiles(parts.files(), parts.ledger().takeSparse(options.packedFileBytesMax()));
        }
        if (next.isEmpty()) {
            passEndPosition = sealedPosition;
            compaction.begin();
        }
        return begin(next);
    }

    private @Nullable SealingPass begin(List<List<RunSource>> next) throws IOException {
        SealingPass begun = next.isEmpty() ? null : new SealingPass(parts.files(), next);
        if (begun != null && storage.usableBytes() < begun.bytesTotal() + spareBytesMin) {
            throw new DiskFullException("a pass of " + begun.bytesTotal() + " bytes waits for space");
        }
        pass = begun;
        return begun;
    }

    /// Where the last of the segments that a pass takes ends.
    private long endOfFullSegments() {
        List<SegmentExtent> extents = parts.log().extents().stream()
                .filter(extent -> extent.basePosition() >= sealedPosition)
                .toList();
        int count = Math.min(extents.size() - 1, options.segmentCountMax());
        return extents.get(count).basePosition();
    }

    private void handOver(SealingPass current) {
        if (!current.isDone()) {
            return;
        }
        ArrayDeque<SealedSwap> swaps = new ArrayDeque<>(current.publish());
        long bytes = current.finished().stream()
                .mapToLong(file -> file.footer().dataEnd())
                .sum();
        sealedPosition = passEndPosition;
        pass = null;
        done = compaction.finish();
        done.ifPresent(finished -> events.compacted(
                finished.task().partition().id(), finished.removed().total()));
        ready = new Ready(new ArrayDeque<>(current.finished()), swaps);
        events.sealed(current.finished().size(), bytes);
    }

    private void giveUp() throws IOException {
        SealingPass current = pass;
        pass = null;
        parts.ledger().putBackSparse();
        compaction.giveUp();
        if (current != null) {
            current.abandon();
        }
    }

    /// Whether swaps wait for the commit thread.
    boolean isApplying() {
        return ready != null;
    }

    /// Commit thread, between two rounds.
    ///
    /// @return whether there is more to apply
    boolean apply() {
        Ready applied = ready;
        if (applied == null) {
            return false;
        }
        for (SealedFileWriter.Finished file = applied.files().poll();
                file != null;
                file = applied.files().poll()) {
            file.footer().openIn(parts.ledger(), file.file().number());
        }
        ArrayDeque<SealedSwap> swaps = applied.swaps();
        for (int i = 0; i < SWAPS_AT_ONCE && !swaps.isEmpty(); i++) {
            parts.state().swap(swaps.remove());
        }
        if (swaps.isEmpty()) {
            parts.ledger().lookAtAll();
            done.ifPresent(parts.state()::cleaned);
            done = Optional.empty();
            ready = null;
        }
        return !swaps.isEmpty();
    }

    /// For people.
    StoreStatus.SealingStatus status() {
        SealingPass current = pass;
        List<StoreStatus.SealedFileStatus> files = parts.files().summaries().stream()
                .map(file -> new StoreStatus.SealedFileStatus(
                        file.fileName(),
                        file.runCount(),
                        file.bytes(),
                        parts.ledger().liveBytes(file.number())))
                .toList();
        return new StoreStatus.SealingStatus(
                files,
                sealedPosition,
                current == null ? 0 : current.bytesDone(),
                current == null ? 0 : current.bytesTotal(),
                parts.obstacles().description());
    }

    /// Lets a pass go that is not done; what it wrote is deleted.
    void close() throws IOException {
        giveUp();
    }
}
