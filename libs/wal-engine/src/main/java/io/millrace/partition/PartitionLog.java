package io.millrace.partition;

import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import io.millrace.partition.PartitionSnapshot.BatchCounts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One partition as its durable entries made it.
///
/// Threads: the commit thread applies; any thread reads what the last published watermarks cover.
public final class PartitionLog {

    private final PartitionId id;
    private final PartitionIndex index = new PartitionIndex();
    private final LeaderEpochs epochs = new LeaderEpochs();
    private final ProducerStates producers;
    private final SpaceLedger space;
    private Stretches stretches = new Stretches();
    private long logStartOffset;
    private long logEndOffset;
    private boolean isTouched;
    private boolean isDeleted;
    /// Written by the commit thread. Batches in it are no longer in the index.
    private volatile SealedRuns sealedRuns = SealedRuns.NONE;
    /// The following are written by the commit thread at the end of a round.
    private volatile Watermarks watermarks;

    private volatile long sizeInBytes;
    /// Everything before it was compacted. Written by the commit thread.
    private volatile long cleanedOffset;

    PartitionLog(PartitionId id, int ownerEpoch, long producerExpiryMillis, SpaceLedger space) {
        this.id = id;
        this.producers = new ProducerStates(producerExpiryMillis);
        this.space = space;
        this.watermarks = new Watermarks(0, 0, 0, ownerEpoch);
    }

    public PartitionId id() {
        return id;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    long logEndOffset() {
        return logEndOffset;
    }

    void checkEnds() {
        index.checkEnd(logEndOffset);
        stretches.checkEnd(logEndOffset);
    }

    ProducerStates producers() {
        return producers;
    }

    Stretches stretches() {
        return stretches;
    }

    void apply(RecordBatch batch, long position, int sizeInLog, long roundMillis) {
        Invariant.check(batch.baseOffset() == logEndOffset, "a batch begins where its partition ends");
        addToIndex(batch, position, sizeInLog);
        epochs.apply(batch.leaderEpoch(), batch.baseOffset());
        if (batch.hasProducerId()) {
            producers.apply(batch, roundMillis);
        }
        stretches.add(batch, roundMillis);
        logEndOffset = batch.endOffset();
    }

    /// Puts a batch into the index that the checkpoint's state already counts; what lies before the start stays out.
    void place(RecordBatch batch, long position, int sizeInLog) {
        if (batch.lastOffset() >= logStartOffset) {
            index.checkEnd(batch.baseOffset());
            Invariant.check(batch.baseOffset() >= sealedRuns.endOffset(0), "what is sealed is not in the log any more");
            addToIndex(batch, position, sizeInLog);
        }
    }

    private void addToIndex(RecordBatch batch, long position, int sizeInLog) {
        IndexEntry entry = new IndexEntry(batch.baseOffset(), position, sizeInLog, batch.maxTimestamp());
        index.add(entry);
        space.add(entry);
    }

    void moveLogStart(long newLogStartOffset) {
        Invariant.check(newLogStartOffset <= logEndOffset, "a log starts before its end");
        if (newLogStartOffset > logStartOffset) {
            logStartOffset = newLogStartOffset;
            // Before the index forgets: a reader that misses an entry must find that the log starts behind it.
            Watermarks seen = watermarks;
            long highWatermark = Math.max(seen.highWatermark(), newLogStartOffset);
            watermarks = new Watermarks(newLogStartOffset, highWatermark, highWatermark, seen.leaderEpoch());
            sealedRuns = sealedRuns.from(newLogStartOffset, space.sealed()::remove);
            index.truncateBefore(newLogStartOffset, logEndOffset, space::remove);
            epochs.truncateBefore(newLogStartOffset);
            stretches.dropBefore(newLogStartOffset);
        }
    }

    /// Gives back all space; the topic is gone.
    void delete() {
        isDeleted = true;
        sealedRuns = sealedRuns.from(Long.MAX_VALUE, space.sealed()::remove);
        index.truncateBefore(Long.MAX_VALUE, logEndOffset, space::remove);
    }

    boolean isDeleted() {
        return isDeleted;
    }

    /// Answers from the runs of the swap instead of what they cover. What lies before the log's start stays out.
    void swap(SealedSwap swap) {
        List<SealedRun> living = swap.runs().stream()
                .filter(run -> run.endOffset() > logStartOffset)
                .toList();
        living.forEach(space.sealed()::add);
        // Before the index forgets: a reader that misses an entry must find a run that answers for it.
        sealedRuns = sealedRuns.with(swap, living, space.sealed()::remove);
        index.truncateBefore(swap.endOffset(), logEndOffset, space::remove);
    }

    /// Takes into account what compaction did, once its runs answer.
    void cleaned(long endOffset, RemovedBytes removed) {
        cleanedOffset = Math.max(cleanedOffset, endOffset);
        stretches.remove(removed);
        sizeInBytes = stretches.totalBytes();
    }

    /// Everything before it was compacted.
    public long cleanedOffset() {
        return cleanedOffset;
    }

    /// Takes the runs over that the files hold.
    ///
    /// @return false if something between them is missing
    boolean restore(List<SealedRun> latestFirst) {
        SealedRuns counting = SealedRuns.ofFiles(latestFirst, logStartOffset);
        if (counting == null) {
            return false;
        }
        for (int i = 0; i < counting.count(); i++) {
            space.sealed().add(counting.run(i));
        }
        sealedRuns = counting;
        return true;
    }

    /// What answers for offsets before those that [#find] knows.
    public SealedRuns sealedRuns() {
        return sealedRuns;
    }

    /// The batches that lie in the log before this position, from the one on that covers the offset.
    public List<IndexEntry> findBefore(long position, long fromOffset, long bytesMax) {
        List<IndexEntry> found = index.find(fromOffset, Long.MAX_VALUE, bytesMax);
        int count = 0;
        while (count < found.size() && found.get(count).position() < position) {
            count++;
        }
        return found.subList(0, count);
    }

    /// The batches that lie in a stretch of the log and can still be read there. Looks at all there are.
    public List<CoveringEntry> findBetween(long position, long endPosition) {
        return index.between(position, endPosition, watermarks.highWatermark());
    }

    /// Whether this run answers for its offsets, and no later one does.
    public boolean isAnsweredBy(SealedRun run) {
        return run.equals(sealedRuns.answering(run.firstOffset()));
    }

    /// How many bytes of batches lie in the log before this position.
    public long bytesBefore(long position) {
        return index.bytesBefore(position);
    }

    /// Marks it for publishing.
    ///
    /// @return false if it was marked already
    boolean touch() {
        boolean isFirst = !isTouched;
        isTouched = true;
        return isFirst;
    }

    /// Lets readers see what was applied.
    Watermarks publish(int ownerEpoch) {
        isTouched = false;
        Watermarks newer = new Watermarks(logStartOffset, logEndOffset, logEndOffset, ownerEpoch);
        watermarks = newer;
        sizeInBytes = stretches.totalBytes();
        return newer;
    }

    public Watermarks watermarks() {
        return watermarks;
    }

    /// Bytes of its record batches; a part that was deleted of the first ones counts until the rest follows.
    public long sizeInBytes() {
        return sizeInBytes;
    }

    /// The batches from the one that covers this offset on.
    ///
    /// @param seen the watermarks that bound the answer
    public List<IndexEntry> find(long fromOffset, Watermarks seen, long bytesMax) {
        return index.find(fromOffset, seen.highWatermark(), bytesMax);
    }

    /// The first batch behind this base offset that has a record with this timestamp or a later one.
    ///
    /// @param behindOffset -1 for the first of all
    public Optional<IndexEntry> findTimestamp(long timestampMillis, long behindOffset, Watermarks seen) {
        return index.atTimestamp(timestampMillis, behindOffset, seen.highWatermark());
    }

    /// The first batch with the largest timestamp.
    public Optional<IndexEntry> findMaxTimestamp(Watermarks seen) {
        return index.atMaxTimestamp(seen.highWatermark());
    }

    public OptionalInt epochAt(long offset) {
        return epochs.epochAt(offset);
    }

    /// The largest epoch that is not later than this one, and its end; empty if it is later than the owner's.
    public Optional<EpochEnd> endOfEpoch(int epoch, Watermarks seen) {
        return Optional.ofNullable(epochs.endOf(epoch, seen.leaderEpoch(), seen.highWatermark()))
                .map(end -> new EpochEnd(end.epoch(), end.endOffset()));
    }

    /// An epoch and the offset after its last record.
    public record EpochEnd(int epoch, long endOffset) {}

    /// Whether the log goes on where the sealed runs end.
    boolean isWhole() {
        return sealedRuns.isEmpty() || sealedRuns.endOffset(0) == index.firstOffset(logEndOffset);
    }

    BatchCounts batchCounts() {
        return new BatchCounts(index.count(), sealedRuns.batchCount());
    }

    /// What it is now, when the log ends at this position.
    PartitionSnapshot snapshot(long position) {
        return new PartitionSnapshot(
                position,
                batchCounts(),
                logStartOffset,
                logEndOffset,
                cleanedOffset,
                epochs.starts(),
                producers.states(),
                stretches.copy());
    }

    /// Becomes what it was; the files tell where its batches are.
    void restore(PartitionSnapshot snapshot) {
        logStartOffset = snapshot.logStartOffset();
        logEndOffset = snapshot.logEndOffset();
        cleanedOffset = snapshot.cleanedOffset();
        epochs.restore(snapshot.epochs());
        producers.restore(snapshot.producers());
        stretches = snapshot.stretches().copy();
    }
}
