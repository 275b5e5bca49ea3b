package io.millrace.store;

import io.millrace.partition.CompactionTask;
import io.millrace.partition.SealedLedger;
import io.millrace.partition.SealedSwap;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealOptions;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.WriteAheadLog.SegmentExtent;
import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moves what lies in full segments of the log into sealed files, and what lives in sparse files, or in many small
/// runs, into new ones.
///
/// It comes late, when there are several full segments, so that what retention deletes soon is never copied. What is
/// not sealed costs memory, so the log has precedence, also over a pass of compaction that is under way.
/// Each step is a piece of a pass. When a pass has all its files on the disk, the commit thread lets partitions
/// answer from them; the next checkpoint then frees what they answered from before.
///
/// Threads: the upkeep thread takes steps, the commit thread applies; any asks.
final class Sealing {

    /// What the commit thread applies between two rounds, so that no round waits long.
    private static final int SWAPS_AT_ONCE = 32;

    /// When it is as many passes behind, it rests less; not at all when it is twice as far.
    private static final int PASSES_BEHIND = 8;

    private final WalStorage storage;
    private final Parts parts;
    private final SealOptions options;
    private final WalEvents events;
    private final SealingPlan plan;
    private final Compaction compaction;
    private final Throttle throttle;
    private final NanoClock clock;
    /// Everything before this position of the log is sealed or dead. Written by the upkeep thread.
    private volatile long sealedPosition;

    /// Written by the upkeep thread.
    private volatile @Nullable SealingPass pass;
    /// The pass of compaction; while it is not the pass that is under way, it waits for that one.
    private @Nullable SealingPass compactionPass;
    /// Whether a pass or its preparation is under way. Written by the upkeep thread.
    private volatile boolean isBusy;
    /// Where the log is sealed to once the pass is applied.
    private long passEndPosition;
    /// Whether there may be runs to join: since the start, or a pass.
    private volatile boolean isJoinDue = true;
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
        this.events = surroundings.events();
        this.clock = surroundings.clock();
        this.plan = new SealingPlan(parts.state(), options.sealing(), parts.readable());
        this.compaction = parts.compaction();
        this.throttle = new Throttle(options.sealing().bytesPerSecondMax(), clock.nanos());
        this.sealedPosition = parts.log().extents().getFirst().basePosition();
        this.passEndPosition = sealedPosition;
    }

    record Surroundings(NanoClock clock, WalEvents events) {}

    /// Whether a step would do something now.
    boolean hasWork() {
        return isAble() && throttle.waitNanos(clock.nanos()) == 0;
    }

    /// How long until the next piece of a pass may be copied; empty if nothing waits for that.
    Optional<Long> waitNanos() {
        return isAble() ? Optional.of(throttle.waitNanos(clock.nanos())) : Optional.empty();
    }

    /// Whether a step would do something, were it not for the throttle.
    private boolean isAble() {
        return ready == null && !isBlocked && (isBusy || isDue() || compaction.isWaiting());
    }

    private boolean isDue() {
        return parts.ledger().hasSparse() || isLogDue() || isJoinDue;
    }

    private boolean isLogDue() {
        return unsealedBytes() > segmentsBytesMin()
                && parts.log().segmentBase(parts.log().end().position()) > sealedPosition
                && !parts.obstacles().isInLog();
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
        isBusy = pass != null || compactionPass != null || compaction.isLearning();
        return ready != null;
    }

    private void work() throws IOException {
        long began = clock.nanos();
        if (pass == null || pass == compactionPass) {
            choose();
        }
        SealingPass current = pass;
        if (current != null) {
            throttle.spend(current.step(), began, clock.nanos(), rests());
            handOver(current);
        } else if (compaction.isLearning()) {
            throttle.spend(compaction.learn(), began, clock.nanos(), rests());
            if (!compaction.isLearning()) {
                compactionPass = begun(compaction.plan());
                pass = compactionPass;
            }
            if (!compaction.isLearning() && pass == null) {
                compaction.giveUp();
            }
        }
    }

    private long rests() {
        long passBytes = (long) options.segmentCountMax() * parts.log().segmentBytes();
        long fewer = isLogDue() ? unsealedBytes() / (PASSES_BEHIND * passBytes) : 0;
        return Math.max(0, Throttle.RESTS - fewer);
    }

    /// Decides what is worked on next, unless the log is being sealed. Without room for that, compaction goes on: it
    /// will free some.
    private void choose() throws IOException {
        isBlocked = false;
        boolean isCompacting = compactionPass != null || compaction.isLearning();
        boolean isLogFirst =
                isLogDue() && (!isCompacting || roomBytes() >= parts.log().segmentBytes());
        SealingPass ofLog = isLogFirst ? begun(nextOfLog()) : null;
        pass = ofLog != null ? ofLog : compactionPass;
        if (pass == null && !compaction.isLearning()) {
            pass = begun(nextOfFiles());
        }
        if (pass == null && !compaction.isLearning()) {
            compaction.begin();
        }
    }

    private List<List<RunSource>> nextOfLog() throws IOException {
        passEndPosition = endOfFullSegments();
        List<List<RunSource>> next = plan.ofLog(new LogBatches(parts.log()), passEndPosition);
        if (next.isEmpty()) {
            sealedPosition = passEndPosition;
        }
        return next;
    }

    private List<List<RunSource>> nextOfFiles() throws IOException {
        List<List<RunSource>> next = parts.ledger().hasSparse() ? plan.ofSparse(parts.ledger()) : List.of();
        if (next.isEmpty() && isJoinDue) {
            next = plan.ofNeighbours(roomBytes());
            isJoinDue = !next.isEmpty();
        }
        return next;
    }

    /// Null if there is nothing to do.
    private @Nullable SealingPass begun(List<List<RunSource>> next) throws IOException {
        if (next.isEmpty()) {
            return null;
        }
        SealingPass begun = new SealingPass(parts.files(), next);
        if (roomBytes() < begun.bytesTotal()) {
            throw new DiskFullException("a pass of " + begun.bytesTotal() + " bytes waits for space");
        }
        return begun;
    }

    /// What a pass may take of the disk, beside the one that waits.
    private long roomBytes() throws IOException {
        SealingPass waiting = compactionPass;
        long promised = waiting == null ? 0 : waiting.bytesTotal() - waiting.bytesDone();
        return storage.usableBytes() - parts.log().spareBytes() - parts.log().segmentBytes() - promised;
    }

    /// Where the last of the segments that a pass takes ends: half of the room is left to the log, but one segment is
    /// taken in any case.
    private long endOfFullSegments() throws IOException {
        List<SegmentExtent> extents = parts.log().extents().stream()
                .filter(extent -> extent.basePosition() >= sealedPosition)
                .toList();
        int fullCount = Math.min(extents.size() - 1, options.segmentCountMax());
        long endMax = sealedPosition + roomBytes() / 2;
        int count = Math.min(fullCount, 1);
        while (count < fullCount && extents.get(count + 1).basePosition() <= endMax) {
            count++;
        }
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
        if (current == compactionPass) {
            compactionPass = null;
            done = compaction.finish();
        }
        isJoinDue = true;
        done.ifPresent(finished -> events.compacted(
                finished.task().partition().id(), finished.removed().total()));
        ready = new Ready(new ArrayDeque<>(current.finished()), swaps);
        events.sealed(current.finished().size(), bytes);
    }

    private void giveUp() throws IOException {
        SealingPass current = pass;
        SealingPass waiting = compactionPass;
        pass = null;
        compactionPass = null;
        passEndPosition = sealedPosition;
        parts.ledger().putBackSparse();
        compaction.giveUp();
        if (current != null) {
            current.abandon();
        }
        if (waiting != null && waiting != current) {
            waiting.abandon();
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
