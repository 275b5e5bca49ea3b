package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.Survivors;
import io.millrace.model.RecordBatch;
import io.millrace.partition.Entry;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.RemovedBytes;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import io.millrace.sealed.SealedFileWriter;
import io.millrace.sealed.SealedFiles;
import io.millrace.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Adjacent runs of a partition that become one, without the records that compaction removes.
///
/// Threads: the upkeep thread.
final class CleanedSource implements RunSource {

    private static final long KEEP_TIMESTAMPS = -1;

    private final PartitionLog partition;
    private final List<SealedRun> runs;
    private final SealedFiles files;
    private final Cleaning cleaning;
    private @Nullable RunWalk walk;

    /// What decides, what looks into batches, and what counts.
    record Cleaning(Survivors survivors, BatchCleaner cleaner, RemovedBytes removed) {}

    CleanedSource(PartitionLog partition, List<SealedRun> runs, SealedFiles files, Cleaning cleaning) {
        this.partition = partition;
        this.runs = runs;
        this.files = files;
        this.cleaning = cleaning;
    }

    @Override
    public PartitionLog partition() {
        return partition;
    }

    @Override
    public long bytes() {
        return runs.stream().mapToLong(SealedRun::bytes).sum();
    }

    @Override
    public OptionalLong start() {
        SealedRuns now = partition.sealedRuns();
        List<SealedRun> living = runs.stream()
                .filter(run -> run.equals(now.answering(run.firstOffset())))
                .toList();
        walk = new RunWalk(living, files);
        return living.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(living.getFirst().firstOffset());
    }

    @Override
    public long copy(SealedFileWriter writer, long bytesMax) throws IOException {
        long done = 0;
        while (walk != null && done < bytesMax && walk.next()) {
            done += walk.record().remaining();
            RecordBatch batch = walk.batch();
            if (batch.lastOffset() >= partition.watermarks().logStartOffset()) {
                add(batch, walk, writer);
            }
        }
        return done;
    }

    private void add(RecordBatch batch, RunWalk from, SealedFileWriter writer) throws IOException {
        Optional<RecordBatch> left = cleaning.cleaner().clean(batch, cleaning.survivors());
        cleaning.removed().add(batch, left.map(RecordBatch::sizeInBytes).orElse(0));
        if (left.isPresent()) {
            RecordBatch cleaned = left.get();
            boolean isSame = cleaned.buffer().equals(batch.buffer());
            writer.add(cleaned, isSame ? from.record() : record(cleaned));
        }
    }

    private ByteBuffer record(RecordBatch cleaned) {
        Entry entry = new Entry.BatchAppended(
                partition.id(), cleaned, cleaned.baseOffset(), cleaned.leaderEpoch(), KEEP_TIMESTAMPS);
        ByteBuffer body = ByteBuffer.allocate(EntryCodec.bytes(entry));
        EntryCodec.encode(entry, body);
        ByteBuffer record = ByteBuffer.allocate(LogRecord.sizeInLog(body.flip().remaining()));
        LogRecord.encode(EntryCodec.type(entry), body, record);
        return record.flip();
    }

    @Override
    public long endOffset() {
        return runs.getLast().endOffset();
    }

    @Override
    public void close() throws IOException {
        if (walk != null) {
            walk.close();
        }
    }
}
