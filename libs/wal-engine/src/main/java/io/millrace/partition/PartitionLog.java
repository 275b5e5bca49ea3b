package io.millrace.partition;

import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import java.nio.ByteBuffer;
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
    private final Stretches stretches = new Stretches();
    private final SpaceLedger space;
    private long logStartOffset;
    private long logEndOffset;
    private boolean isTouched;
    /// The following are written by the commit thread at the end of a round.
    private volatile Watermarks watermarks;

    private volatile long sizeInBytes;

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

    ProducerStates producers() {
        return producers;
    }

    Stretches stretches() {
        return stretches;
    }

    void apply(RecordBatch batch, long position, int sizeInLog, long roundMillis) {
        Invariant.check(batch.baseOffset() == logEndOffset, "a batch begins where its partition ends");
        place(batch, position, sizeInLog);
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
            IndexEntry entry = new IndexEntry(batch.baseOffset(), position, sizeInLog, batch.maxTimestamp());
            index.add(entry);
            space.add(entry);
        }
    }

    void moveLogStart(long newLogStartOffset) {
        Invariant.check(newLogStartOffset <= logEndOffset, "a log starts before its end");
        if (newLogStartOffset > logStartOffset) {
            logStartOffset = newLogStartOffset;
            // Before the index forgets: a reader that misses an entry must find that the log starts behind it.
            Watermarks seen = watermarks;
            long highWatermark = Math.max(seen.highWatermark(), newLogStartOffset);
            watermarks = new Watermarks(newLogStartOffset, highWatermark, highWatermark, seen.leaderEpoch());
            index.truncateBefore(newLogStartOffset, logEndOffset, space::remove);
            epochs.truncateBefore(newLogStartOffset);
            stretches.dropBefore(newLogStartOffset);
        }
    }

    /// Gives back all space; the topic is gone.
    void delete() {
        index.truncateBefore(Long.MAX_VALUE, logEndOffset, space::remove);
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

    /// The first batch that has a record with this timestamp or a later one.
    public Optional<IndexEntry> findTimestamp(long timestampMillis, Watermarks seen) {
        return index.atTimestamp(timestampMillis, -1, seen.highWatermark());
    }

    /// The next such batch behind the one with this base offset.
    public Optional<IndexEntry> findTimestampAfter(long baseOffset, long timestampMillis, Watermarks seen) {
        return index.atTimestamp(timestampMillis, baseOffset, seen.highWatermark());
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

    long batchCount() {
        return index.count();
    }

    int encodedBytes() {
        return 2 * Long.BYTES + epochs.encodedBytes() + producers.encodedBytes() + stretches.encodedBytes();
    }

    void encode(ByteBuffer target) {
        target.putLong(logStartOffset).putLong(logEndOffset);
        epochs.encode(target);
        producers.encode(target);
        stretches.encode(target);
    }

    void decode(ByteBuffer source) {
        logStartOffset = source.getLong();
        logEndOffset = source.getLong();
        epochs.decode(source);
        producers.decode(source);
        stretches.decode(source);
    }
}
