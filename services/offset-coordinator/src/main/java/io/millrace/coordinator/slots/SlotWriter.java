package io.millrace.coordinator.slots;

import io.millrace.wal.LogManifest;
import io.millrace.wal.LogRecord;
import io.millrace.wal.RoundBuffer;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.storage.DiskFullException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the changes that wait durable: one write and one force for all of them, then the index, then the answers.
///
/// Threads: the writer's own, except where a word says otherwise.
final class SlotWriter {

    /// What is larger may have to wait for space; what says who owns a shard, and where its log ends, is smaller.
    private static final int SMALL_BYTES_MAX = 512;

    private final WriteAheadLog log;
    private final SlotIndex index;
    private final ChangeQueue queue;
    private final SlotLogOptions options;
    private final Clock clock;
    private final SlotEvents events;
    private final RoundBuffer buffer;
    private long lastTimeMillis;

    /// Written by the writer.
    private volatile boolean isFull;
    /// Written once, by whoever meets the failure.
    private volatile boolean isPoisoned;
    /// Written by the upkeep thread, cleared by the writer.
    private volatile @Nullable Long deadSegment;
    /// Written by the writer, cleared by the upkeep thread.
    private volatile @Nullable LogManifest manifest;

    /// What a writer works on.
    record Parts(WriteAheadLog log, SlotIndex index, ChangeQueue queue) {}

    SlotWriter(Parts parts, SlotLogOptions options, Clock clock, SlotEvents events) {
        this.log = parts.log();
        this.index = parts.index();
        this.queue = parts.queue();
        this.options = options;
        this.clock = clock;
        this.events = events;
        this.buffer = new RoundBuffer(options.roundBytesMax());
        this.lastTimeMillis = log.end().timeMillis();
    }

    /// Any thread: whether what is left is for changes that cannot wait for space.
    boolean isFull() {
        return isFull;
    }

    /// Upkeep thread: wants the manifest without this segment, in which nothing lives any more.
    void wantManifestWithout(long segmentBase) {
        deadSegment = segmentBase;
        queue.nudge();
    }

    /// Upkeep thread.
    @Nullable
    LogManifest takeManifest() {
        LogManifest taken = manifest;
        if (taken != null) {
            manifest = null;
        }
        return taken;
    }

    /// One step.
    ///
    /// @return how many changes were answered
    int step() {
        Long dead = deadSegment;
        if (dead != null) {
            manifest = log.manifestWithout(Set.of(dead));
            deadSegment = null;
        }
        List<Change> taken = queue.take(options.roundBytesMax());
        try {
            if (!taken.isEmpty()) {
                write(taken);
            }
            isFull = !log.makeRoom(options.roundBytesMax());
        } catch (IOException e) {
            poison(e);
            fail(taken, e);
        }
        return taken.size();
    }

    private void write(List<Change> taken) throws IOException {
        lastTimeMillis = Math.max(lastTimeMillis, clock.millis());
        buffer.clear(lastTimeMillis);
        List<Change> allowed = withoutWhatMustWait(taken);
        int encoded = encode(allowed);
        if (encoded > 0) {
            try {
                log.write(buffer);
            } catch (DiskFullException e) {
                // Nothing was written, and the log is well.
                fail(allowed, e);
                return;
            }
            log.force();
            index.apply(log.segmentBase(log.end().position() - 1), buffer.records());
            events.roundWritten(encoded, buffer.frameBytes());
        }
        for (Change change : allowed) {
            change.done().complete(null);
        }
    }

    /// On a full disk the end of the last segment is for what keeps the shards going and for what frees space.
    private List<Change> withoutWhatMustWait(List<Change> changes) throws IOException {
        long bytes = changes.stream()
                .mapToLong(change -> LogRecord.sizeInLog(change.bodyBytes()))
                .sum();
        if (log.makeRoom(bytes)) {
            return changes;
        }
        DiskFullException refusal = new DiskFullException("what is left of the disk is kept for what cannot wait");
        fail(changes.stream().filter(change -> !mayUseReserve(change)).toList(), refusal);
        return changes.stream().filter(SlotWriter::mayUseReserve).toList();
    }

    private static boolean mayUseReserve(Change change) {
        return switch (change) {
            case Change.Put put -> put.bodyBytes() <= SMALL_BYTES_MAX;
            case Change.Removal _ -> true;
            case Change.Move move -> move.mayUseReserve();
        };
    }

    private int encode(List<Change> changes) {
        Set<SlotName> changed = new HashSet<>();
        int encoded = 0;
        for (Change change : changes) {
            if (change instanceof Change.Move move && isVoid(move, changed)) {
                continue;
            }
            changed.add(change.slot());
            SlotRecord.encode(change, buffer.startRecord(SlotRecord.type(change), change.bodyBytes()));
            buffer.endRecord();
            encoded++;
        }
        return encoded;
    }

    /// An old value must not come behind a newer one, be it durable or in this very round.
    private boolean isVoid(Change.Move move, Set<SlotName> changedInRound) {
        return changedInRound.contains(move.slot())
                || index.find(move.slot())
                        .filter(place -> place.position() == move.fromPosition())
                        .isEmpty();
    }

    /// Any thread.
    boolean isPoisoned() {
        return isPoisoned;
    }

    /// Any thread: nothing more is taken.
    void poison(IOException cause) {
        if (isPoisoned) {
            return;
        }
        isPoisoned = true;
        queue.stop(cause);
        events.poisoned(cause);
        List<Change> left = new ArrayList<>();
        while (!queue.isEmpty()) {
            left.addAll(queue.take(Integer.MAX_VALUE));
        }
        fail(left, cause);
    }

    private static void fail(List<Change> changes, IOException cause) {
        for (Change change : changes) {
            change.done().completeExceptionally(cause);
        }
    }
}
