package io.millrace.sealed;

import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.sealed.FooterBuilder.PlacedBatch;
import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes one sealed file, run after run. Nobody sees it before [#finish] has made all of it durable.
///
/// Threads: one at a time.
/// Errors: after an [IOException] only [#abandon] is left.
public final class SealedFileWriter {

    private static final int BUFFER_BYTES = 1 << 20;
    /// Forced in steps, so that the commit thread's forces do not wait behind a whole file.
    private static final int FORCE_EVERY_BYTES = 1 << 20;

    private final WalStorage storage;
    private final SealedHeader header;
    private final WalFile file;
    private final int runEntriesMax;
    private final FooterBuilder footer;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private @Nullable PartitionId partitionId;
    private long firstOffset;
    private long writtenBytes;
    private long forcedBytes;

    SealedFileWriter(WalStorage storage, SealedHeader header, int runEntriesMax) throws IOException {
        this.storage = storage;
        this.header = header;
        this.runEntriesMax = runEntriesMax;
        this.footer = new FooterBuilder(header.stretchBytes());
        String name = SealedFormat.writingName(header.number());
        storage.delete(name);
        this.file = storage.create(name);
        buffer.put(header.encoded());
    }

    /// Everything so far.
    public long sizeInBytes() {
        return writtenBytes + buffer.position();
    }

    public void startRun(PartitionId partition, long runFirstOffset) {
        Invariant.check(partitionId == null, "the run before has ended");
        partitionId = partition;
        firstOffset = runFirstOffset;
        footer.startRun(partition, sizeInBytes());
    }

    /// Adds a batch of the run's partition, behind those that it has.
    ///
    /// @param record as the log has it, checked, with header and padding
    public void add(RecordBatch batch, ByteBuffer record) throws IOException {
        PartitionId partition = Objects.requireNonNull(partitionId, "a run was started");
        if (footer.needsEntry(sizeInBytes()) && footer.entryCount() == runEntriesMax) {
            endRun(batch.baseOffset());
            startRun(partition, batch.baseOffset());
        }
        footer.add(new PlacedBatch(batch.baseOffset(), sizeInBytes(), record.remaining(), batch.maxTimestamp()));
        write(record);
    }

    /// Whether no run came into it.
    public boolean isEmpty() {
        return footer.isEmpty();
    }

    /// Ends the run; the partition's next one begins here. A run that covers no offset was none.
    public void endRun(long endOffset) throws IOException {
        partitionId = null;
        if (endOffset == firstOffset) {
            footer.dropRun();
            return;
        }
        write(footer.endRun(firstOffset, endOffset).encoded());
    }

    private void write(ByteBuffer bytes) throws IOException {
        ByteBuffer source = bytes.duplicate();
        while (source.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(buffer.remaining(), source.remaining());
            buffer.put(source.slice(source.position(), count));
            source.position(source.position() + count);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        file.write(buffer, writtenBytes);
        writtenBytes += count;
        buffer.clear();
        if (writtenBytes - forcedBytes >= FORCE_EVERY_BYTES) {
            file.force();
            forcedBytes = writtenBytes;
        }
    }

    /// Everything is on the disk under its final name when it returns.
    public Finished finish() throws IOException {
        Invariant.check(partitionId == null, "the last run has ended");
        long dataEnd = sizeInBytes();
        FooterBuilder.Footer encoded = footer.encode(header.number(), dataEnd);
        write(encoded.bytes());
        flush();
        file.force();
        file.close();
        String name = SealedFormat.fileName(header.number());
        storage.rename(SealedFormat.writingName(header.number()), name);
        storage.forceDirectory();
        SealedFile sealed = SealedFile.open(storage, name, header.identity());
        return new Finished(sealed, new SealedFooter(encoded.runs(), dataEnd));
    }

    /// A file that is durable, and what is in it.
    public record Finished(SealedFile file, SealedFooter footer) {}

    /// Gives up a file that was not finished.
    public void abandon() throws IOException {
        file.close();
        storage.delete(SealedFormat.writingName(header.number()));
    }
}
