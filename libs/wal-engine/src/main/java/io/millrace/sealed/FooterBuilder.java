package io.millrace.sealed;

import io.millrace.model.PartitionId;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.SealedRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Puts the footer of a file together while its runs are written, or read back.
///
/// Threads: one. Units: file positions, bytes.
final class FooterBuilder {

    private final int stretchBytes;
    private final List<OpenRun> runs = new ArrayList<>();

    /// @param stretchBytes how much of a run each index entry stands for, its last batch apart
    FooterBuilder(int stretchBytes) {
        this.stretchBytes = stretchBytes;
    }

    /// One batch and where it is.
    record PlacedBatch(long baseOffset, long filePosition, int sizeInLog, long maxTimestamp) {}

    private static final class OpenRun {

        private final PartitionId partitionId;
        private final long filePosition;
        private final IndexEntries index = new IndexEntries();
        private long firstOffset;
        private long endOffset;
        private long bytes;
        private long batchCount;
        private long maxTimestamp = Long.MIN_VALUE;

        OpenRun(PartitionId partitionId, long filePosition) {
            this.partitionId = partitionId;
            this.filePosition = filePosition;
        }
    }

    void startRun(PartitionId partitionId, long filePosition) {
        runs.add(new OpenRun(partitionId, filePosition));
    }

    /// Whether a batch at this position begins a further stretch of the run that is open.
    boolean needsEntry(long filePosition) {
        IndexEntries index = runs.getLast().index;
        return index.count() == 0 || filePosition - index.lastPosition() >= stretchBytes;
    }

    int entryCount() {
        return runs.getLast().index.count();
    }

    void add(PlacedBatch batch) {
        OpenRun run = runs.getLast();
        if (needsEntry(batch.filePosition())) {
            run.index.add(batch.baseOffset(), batch.filePosition());
        }
        run.index.raiseMaxTimestamp(batch.maxTimestamp());
        run.maxTimestamp = Math.max(run.maxTimestamp, batch.maxTimestamp());
        run.bytes += batch.sizeInLog();
        run.batchCount++;
    }

    SealedFormat.RunEnd endRun(long firstOffset, long endOffset) {
        OpenRun run = runs.getLast();
        run.firstOffset = firstOffset;
        run.endOffset = endOffset;
        return new SealedFormat.RunEnd(run.partitionId, firstOffset, endOffset, run.batchCount);
    }

    /// The run that is open was none.
    void dropRun() {
        runs.removeLast();
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /// How large the footer is now.
    long footerBytes() {
        long bytes = SealedFormat.TRAILER_BYTES + (long) runs.size() * SealedFormat.TABLE_ENTRY_BYTES;
        for (OpenRun run : runs) {
            bytes += (long) run.index.count() * SealedFormat.INDEX_ENTRY_BYTES;
        }
        return bytes;
    }

    /// The bytes of a footer, and the runs that it lists.
    record Footer(ByteBuffer bytes, List<SealedRun> runs) {}

    /// The index, the table and the trailer of a file whose runs end here.
    Footer encode(long fileNumber, long indexPosition) {
        ByteBuffer footer = ByteBuffer.allocate(Math.toIntExact(footerBytes()));
        List<SealedRun> ended = new ArrayList<>(runs.size());
        for (OpenRun run : runs) {
            int start = footer.position();
            run.index.encode(footer);
            int crc = SealedFormat.checksum(footer, start, footer.position() - start);
            ended.add(new SealedRun(
                    run.partitionId,
                    fileNumber,
                    run.firstOffset,
                    run.endOffset,
                    run.filePosition,
                    run.bytes,
                    run.batchCount,
                    run.maxTimestamp,
                    new SealedRun.IndexPlace(indexPosition + start, run.index.count(), crc)));
        }
        int tableStart = footer.position();
        ended.forEach(run -> encode(run, footer));
        int tableCrc = SealedFormat.checksum(footer, tableStart, footer.position() - tableStart);
        new SealedTrailer(ended.size(), indexPosition, indexPosition + tableStart, tableCrc).encode(footer);
        return new Footer(footer.flip(), ended);
    }

    private static void encode(SealedRun run, ByteBuffer table) {
        EntryCodec.encodePartition(run.partitionId(), table);
        table.putInt(table.position() - Integer.BYTES, run.index().entryCount());
        table.putLong(run.firstOffset()).putLong(run.endOffset());
        table.putLong(run.filePosition()).putLong(run.bytes()).putLong(run.batchCount());
        table.putLong(run.maxTimestamp()).putLong(run.index().filePosition());
        table.putInt(run.index().crc()).putInt(0);
    }

    /// The runs that the table at the buffer's position lists.
    static List<SealedRun> decodeTable(ByteBuffer table, int runCount, long fileNumber) {
        List<SealedRun> runs = new ArrayList<>(runCount);
        for (int i = 0; i < runCount; i++) {
            ByteBuffer entry = table.slice(i * SealedFormat.TABLE_ENTRY_BYTES, SealedFormat.TABLE_ENTRY_BYTES);
            runs.add(new SealedRun(
                    EntryCodec.partitionId(entry),
                    fileNumber,
                    entry.getLong(24),
                    entry.getLong(32),
                    entry.getLong(40),
                    entry.getLong(48),
                    entry.getLong(56),
                    entry.getLong(64),
                    new SealedRun.IndexPlace(entry.getLong(72), entry.getInt(20), entry.getInt(80))));
        }
        return List.copyOf(runs);
    }
}
