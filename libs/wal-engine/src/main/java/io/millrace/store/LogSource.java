package io.millrace.store;

import io.millrace.partition.IndexEntry;
import io.millrace.partition.PartitionLog;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.store.UnreadableSourceException.Place;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The batches of a partition that lie in the write-ahead log before a position.
///
/// Threads: the upkeep thread.
final class LogSource implements RunSource {

    private final PartitionLog partition;
    private final LogBatches log;
    private final long endPosition;
    private final long bytes;
    private long nextOffset;

    LogSource(PartitionLog partition, LogBatches log, long endPosition) {
        this.partition = partition;
        this.log = log;
        this.endPosition = endPosition;
        this.bytes = partition.bytesBefore(endPosition);
    }

    @Override
    public PartitionLog partition() {
        return partition;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public OptionalLong start() {
        List<IndexEntry> first = partition.findBefore(endPosition, 0, 0);
        if (first.isEmpty()) {
            return OptionalLong.empty();
        }
        nextOffset = first.getFirst().baseOffset();
        return OptionalLong.of(nextOffset);
    }

    @Override
    public long copy(SealedFileWriter writer, long bytesMax) throws IOException {
        long copied = 0;
        for (StoredBatch stored : next(bytesMax)) {
            writer.add(stored.batch(), stored.record());
            copied += stored.record().remaining();
            nextOffset = stored.batch().endOffset();
        }
        return copied;
    }

    private List<StoredBatch> next(long bytesMax) throws UnreadableSourceException {
        try {
            return read(bytesMax);
        } catch (IOException damaged) {
            // What lies before the damage is copied still.
            try {
                return read(1);
            } catch (IOException e) {
                throw new UnreadableSourceException(Place.SEGMENT, partition.id(), nextOffset, e);
            }
        }
    }

    private List<StoredBatch> read(long bytesMax) throws IOException {
        while (true) {
            // The first entry may cover smaller offsets only, when it is the last of all.
            List<IndexEntry> entries = partition.findBefore(endPosition, nextOffset, bytesMax).stream()
                    .filter(entry -> entry.baseOffset() >= nextOffset)
                    .toList();
            Optional<List<StoredBatch>> batches = log.read(partition.id(), entries);
            if (batches.isPresent()) {
                return batches.get();
            }
            if (partition.findBefore(endPosition, nextOffset, bytesMax).containsAll(entries)) {
                throw new IOException("a segment of " + partition.id() + " is not there");
            }
        }
    }

    @Override
    public long endOffset() {
        return nextOffset;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
