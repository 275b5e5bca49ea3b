package io.millrace.compaction;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.Set;

/// Decides which records of a partition stay. It is asked about all its batches, in order.
///
/// A tombstone vanishes only when nothing older of its key is left; otherwise that would come back.
///
/// Threads: one, since the map has one.
/// Source: Kafka documentation, "Log compaction"; KIP-534.
public final class Survivors {

    private final OffsetMap map;
    private final long mapEndOffset;
    private final Kept kept;
    private final TombstoneTimes tombstones;
    /// Tombstones before it can vanish.
    private long tombstonesEndOffset;

    /// When tombstones vanish.
    ///
    /// @param nowMillis when the pass began
    /// @param retentionMillis delete.retention.ms: from when a pass sees a tombstone first
    public record TombstoneTimes(long nowMillis, long retentionMillis) {}

    /// What must stay whatever its keys are.
    ///
    /// @param lastBatches base offsets of the last batches of active producers: their sequences must not be lost
    /// @param logEndOffset the batch that ends there is never removed
    public record Kept(Set<Long> lastBatches, long logEndOffset) {

        public Kept {
            lastBatches = Set.copyOf(lastBatches);
        }
    }

    /// @param mapEndOffset the map knows all keys before it, from where the dirty part begins; maybe in a batch
    public Survivors(OffsetMap map, long mapEndOffset, Kept kept, TombstoneTimes tombstones) {
        this.map = map;
        this.mapEndOffset = mapEndOffset;
        this.kept = kept;
        this.tombstones = tombstones;
        this.tombstonesEndOffset = mapEndOffset;
    }

    /// Whether all of the batch stays, unseen.
    public boolean isUntouched(RecordBatch batch) {
        return batch.baseOffset() >= mapEndOffset || batch.isControl();
    }

    /// Whether the record is the last one of its key, as far as the map goes. The key is lent for the call.
    public boolean isLatest(long offset, ByteBuffer key) {
        return offset >= map.latest(key);
    }

    /// The delete horizon of a batch that has none yet; empty while its last keys are not learned: what those
    /// tombstones delete is still there, and their time begins when it is gone.
    public OptionalLong deleteHorizonMillis(RecordBatch batch) {
        return batch.endOffset() <= mapEndOffset
                ? OptionalLong.of(tombstones.nowMillis() + tombstones.retentionMillis())
                : OptionalLong.empty();
    }

    /// Whether a tombstone can vanish: what it deleted is gone, and readers had the time to see it.
    ///
    /// @param deleteHorizonMillis which an earlier pass wrote into its batch
    public boolean isOver(long offset, long deleteHorizonMillis) {
        return offset < tombstonesEndOffset && tombstones.nowMillis() >= deleteHorizonMillis;
    }

    /// The batch could not be cleaned, and may hold what later tombstones deleted: they stay like itself.
    public void keepTombstonesFrom(RecordBatch batch) {
        tombstonesEndOffset = Math.min(tombstonesEndOffset, batch.baseOffset());
    }

    /// Whether the batch stays although none of its records does.
    public boolean isKeptWhenEmpty(RecordBatch batch) {
        boolean isLastOfProducer = batch.hasProducerId() && kept.lastBatches().contains(batch.baseOffset());
        return isLastOfProducer || batch.endOffset() >= kept.logEndOffset();
    }
}
