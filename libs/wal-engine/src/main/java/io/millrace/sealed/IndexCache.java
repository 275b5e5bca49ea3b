package io.millrace.sealed;

import io.millrace.partition.SealedRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The sparse indexes of runs that were read lately, up to a bound in bytes.
///
/// Threads: any; two that miss the same index both read it.
final class IndexCache {

    private static final int OVERHEAD_BYTES = 128;

    private final long bytesMax;
    private final ReentrantLock cacheLock = new ReentrantLock();
    /// Guarded by `cacheLock`; least recently used first.
    private final Map<Place, IndexEntries> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /// Numbers and positions are never used again, so what is kept cannot become wrong.
    private record Place(long fileNumber, long filePosition) {}

    IndexCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    IndexEntries index(SealedFile sealed, SealedRun run) throws IOException {
        Place place = new Place(run.fileNumber(), run.index().filePosition());
        IndexEntries known = find(place);
        if (known != null) {
            return known;
        }
        IndexEntries read = read(sealed, run);
        keep(place, read);
        return read;
    }

    private @Nullable IndexEntries find(Place place) {
        cacheLock.lock();
        try {
            return entries.get(place);
        } finally {
            cacheLock.unlock();
        }
    }

    private void keep(Place place, IndexEntries index) {
        cacheLock.lock();
        try {
            if (entries.put(place, index) == null) {
                bytes += charge(index);
            }
            Iterator<IndexEntries> eldest = entries.values().iterator();
            while (bytes > bytesMax) {
                bytes -= charge(eldest.next());
                eldest.remove();
            }
        } finally {
            cacheLock.unlock();
        }
    }

    private static int charge(IndexEntries index) {
        return index.sizeInBytes() + OVERHEAD_BYTES;
    }

    private static IndexEntries read(SealedFile sealed, SealedRun run) throws IOException {
        ByteBuffer stored = ByteBuffer.allocate(run.index().entryCount() * SealedFormat.INDEX_ENTRY_BYTES);
        sealed.read(stored, run.index().filePosition());
        return SealedFormat.checksum(stored, 0, stored.limit()) == run.index().crc()
                ? IndexEntries.decode(stored.flip())
                : rebuilt(sealed, run);
    }

    /// The index is damaged, but the run is its truth.
    private static IndexEntries rebuilt(SealedFile sealed, SealedRun run) throws IOException {
        IndexEntries index = new IndexEntries();
        SealedCursor cursor = new SealedCursor(sealed, run.filePosition(), run.endPosition());
        while (cursor.next()) {
            long position = cursor.filePosition();
            if (index.count() == 0
                    || position - index.lastPosition() >= sealed.header().stretchBytes()) {
                index.add(cursor.batch().baseOffset(), position);
            }
            index.raiseMaxTimestamp(cursor.batch().maxTimestamp());
        }
        return index;
    }

    /// For the status.
    long sizeInBytes() {
        cacheLock.lock();
        try {
            return bytes;
        } finally {
            cacheLock.unlock();
        }
    }
}
