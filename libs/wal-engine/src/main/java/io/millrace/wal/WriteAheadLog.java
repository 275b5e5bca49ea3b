package io.millrace.wal;

import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The log of one shard: rounds go in at its end, records are read by their position, segments are freed as a whole.
///
/// Threads: the commit thread writes and forces, the upkeep thread prepares and frees, any thread reads.
/// Units: positions and sizes in bytes.
/// Errors: after an [IOException] from [#write] (other than [DiskFullException]) or [#force] the log takes nothing
/// more: the kernel may have dropped what was not forced, and a force that succeeds later proves nothing.
/// Ownership: closes the segments, not the storage.
public final class WriteAheadLog implements AutoCloseable {

    private final WalStorage storage;
    private final SegmentPool pool;
    private final SegmentWriter writer;
    private final RecoveryFacts facts;
    /// By base position; those that hold rounds.
    private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();

    private @Nullable Segment unforced;
    /// Written by the commit thread.
    private volatile boolean isPoisoned;

    WriteAheadLog(WalStorage storage, SegmentPool pool, SegmentWriter writer, Opened opened) {
        this.storage = storage;
        this.pool = pool;
        this.writer = writer;
        this.facts = opened.facts();
        for (Segment segment : opened.segments()) {
            segments.put(segment.basePosition(), segment);
        }
    }

    /// What recovery found.
    record Opened(List<Segment> segments, RecoveryFacts facts) {}

    /// Finds the end of the log and hands each round to the reader on the way.
    ///
    /// @throws CorruptLogException if what is there is not what was written
    public static WriteAheadLog open(WalStorage storage, SegmentOptions options, RecoveryPlan plan) throws IOException {
        return new LogRecovery(storage, options, plan).run();
    }

    public RecoveryFacts facts() {
        return facts;
    }

    /// The end of the last round that was written.
    public LogEnd end() {
        return writer.end();
    }

    /// Whether a round with payloads of this size could be written now, with a reserve left; false on a full disk.
    public boolean makeRoom(long payloadBytes) throws IOException {
        return writer.makeRoom(payloadBytes + WalFormat.ROUND_HEADER_BYTES + WalFormat.ALIGNMENT);
    }

    /// Writes a round at the end of the log, not yet durable.
    ///
    /// @throws DiskFullException if there is no room; then nothing was written and the log is well
    public LogEnd write(RoundBuffer round) throws IOException {
        checkWell();
        try {
            Segment segment = writer.write(round);
            segments.putIfAbsent(segment.basePosition(), segment);
            unforced = segment;
            return writer.end();
        } catch (DiskFullException e) {
            // No segment could be prepared, so nothing was written.
            throw e;
        } catch (IOException e) {
            isPoisoned = true;
            throw e;
        }
    }

    /// Makes the round durable that was written last.
    public void force() throws IOException {
        checkWell();
        Segment segment = Objects.requireNonNull(unforced, "a force follows a write");
        try {
            segment.file().force();
            unforced = null;
        } catch (IOException e) {
            isPoisoned = true;
            throw new IOException("force of " + segment.file().name() + " failed: " + e.getMessage(), e);
        }
    }

    private void checkWell() throws IOException {
        if (isPoisoned) {
            throw new IOException("the log takes nothing more after a failed write or force");
        }
    }

    /// The base position of the segment that holds this position.
    public long segmentBase(long position) {
        return segments.floorKey(position);
    }

    /// Reads bytes of one segment into the target, from this position on, until the target is full.
    ///
    /// @return false if the segment has been freed
    public boolean read(ByteBuffer target, long position) throws IOException {
        Map.Entry<Long, Segment> entry = segments.floorEntry(position);
        if (entry == null
                || position >= entry.getValue().header().endOfSegment()
                || !entry.getValue().hold()) {
            return false;
        }
        Segment segment = entry.getValue();
        try {
            segment.file().read(target, position - segment.basePosition());
            if (target.hasRemaining()) {
                throw new IOException(segment.file().name() + " ends too early for position " + position);
            }
            return true;
        } finally {
            segment.release();
        }
    }

    /// Whether both positions lie in the same segment, so that one read can cover both.
    public boolean isOneSegment(long position, long laterPosition) {
        Map.Entry<Long, Segment> entry = segments.floorEntry(position);
        return entry != null && laterPosition < entry.getValue().header().endOfSegment();
    }

    /// Prepares the next segment if none is ready.
    ///
    /// @return whether one is ready; if not, the disk is full
    public boolean prepare() throws IOException {
        return pool.prepareIfEmpty();
    }

    /// From now on a segment is made only if this much, or the configured minimum, is left free.
    public void keepFree(long bytes) {
        pool.keepFree(bytes);
    }

    /// What is kept free.
    public long spareBytes() {
        return pool.spareBytes();
    }

    /// The size of a new segment.
    public int segmentBytes() {
        return pool.segmentBytes();
    }

    public int preparedCount() {
        return pool.size();
    }

    public boolean isDiskFull() {
        return pool.isDiskFull();
    }

    /// The segments that hold rounds, in order; the last one is being written.
    public List<SegmentExtent> extents() {
        List<SegmentExtent> extents = new ArrayList<>();
        for (Segment segment : segments.values()) {
            extents.add(new SegmentExtent(segment.file().name(), segment.basePosition(), segment.endPosition()));
        }
        return extents;
    }

    /// Whether a segment is part of the log; false once it was freed.
    public boolean hasSegment(long basePosition) {
        return segments.containsKey(basePosition);
    }

    /// One segment and how far it is filled.
    public record SegmentExtent(String fileName, long basePosition, long endPosition) {}

    /// What the log consists of now, without these segments. Called by the commit thread between rounds.
    public LogManifest manifestWithout(Set<Long> basePositions) {
        List<LogManifest.SegmentEnd> named = new ArrayList<>();
        for (Segment segment : segments.values()) {
            if (!basePositions.contains(segment.basePosition())) {
                named.add(new LogManifest.SegmentEnd(segment.basePosition(), segment.endPosition()));
            }
        }
        return new LogManifest(named, writer.end());
    }

    /// Gives up segments, once a durable manifest names them no more: their files are used again or deleted.
    public void free(Set<Long> basePositions) throws IOException {
        List<String> freedNames = new ArrayList<>();
        for (long basePosition : basePositions) {
            Segment segment = segments.remove(basePosition);
            if (segment != null) {
                // A reader that is in it goes on reading what was there, so only what nobody holds is used again.
                boolean isUnheld = segment.release();
                if (isUnheld
                        && freedNames.size()
                                < pool.roomForFreed(segment.header().segmentBytes())) {
                    freedNames.add(segment.giveUpName(storage));
                } else {
                    storage.delete(segment.file().name());
                }
            }
        }
        storage.forceDirectory();
        pool.recycle(freedNames);
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : segments.values()) {
            segment.release();
        }
        segments.clear();
        pool.close();
    }
}
