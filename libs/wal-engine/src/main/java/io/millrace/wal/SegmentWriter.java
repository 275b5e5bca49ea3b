package io.millrace.wal;

import io.millrace.wal.storage.DiskFullException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Puts rounds at the end of the log, and moves to the next segment when one does not fit any more.
///
/// Threads: the commit thread only.
final class SegmentWriter {

    private final SegmentPool pool;
    private final int reserveBytes;
    private @Nullable Segment active;
    /// Written by the commit thread.
    private volatile LogEnd end;

    SegmentWriter(SegmentPool pool, int reserveBytes, LogEnd end, @Nullable Segment active) {
        this.pool = pool;
        this.reserveBytes = reserveBytes;
        this.end = end;
        this.active = active;
    }

    LogEnd end() {
        return end;
    }

    @Nullable
    Segment active() {
        return active;
    }

    /// Whether rounds of this size can be written without touching the reserve; prepares a segment if that helps.
    boolean makeRoom(long frameBytes) throws IOException {
        int left = active == null ? 0 : active.bytesLeft();
        // A disk that is known to be full is tried again by the upkeep thread alone.
        return frameBytes <= left - reserveBytes || pool.size() > 0 || (!pool.isDiskFull() && pool.prepareIfEmpty());
    }

    /// Writes the round, not yet durable.
    ///
    /// @return the segment that holds it
    /// @throws DiskFullException if it does not fit and no segment can be prepared; nothing was written then
    Segment write(RoundBuffer round) throws IOException {
        Segment segment = segmentFor(round.frameBytes());
        SegmentHeader header = segment.header();
        LogEnd previous = end;
        LogEnd next = round.complete(new RoundHeader.Place(segment.endPosition(), header.salt(), previous));
        put(segment, round, segment.endPosition() - header.basePosition());
        segment.moveEnd(next.position());
        end = next;
        return segment;
    }

    /// A prepared segment has its blocks, but a disk may still be full on a file system that writes to other
    /// places. Part of the round may be there then, so this is no refusal that the log survives.
    private static void put(Segment segment, RoundBuffer round, long filePosition) throws IOException {
        try {
            segment.file().write(round.frame(), filePosition);
        } catch (DiskFullException e) {
            throw new IOException("no space for a write into a prepared segment: " + e.getMessage(), e);
        }
    }

    private Segment segmentFor(int frameBytes) throws IOException {
        Segment segment = active;
        if (segment != null && frameBytes <= segment.bytesLeft()) {
            return segment;
        }
        pool.prepareIfEmpty();
        Segment next = pool.take();
        if (next == null) {
            throw new DiskFullException("no further segment can be prepared");
        }
        if (frameBytes > next.bytesLeft()) {
            throw new IllegalStateException("a round of " + frameBytes + " bytes is larger than a segment");
        }
        active = next;
        return next;
    }
}
