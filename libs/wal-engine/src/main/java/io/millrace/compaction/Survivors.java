package io.millrace.compaction;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Set;

/// Decides which records of a partition stay.
///
/// Threads: one, since the map has one.
/// Source: Kafka documentation, "Log compaction"; KIP-534.
public final class Survivors {

    private final OffsetMap map;
    private final long mapEndOffset;
    private final Kept kept;
    private final TombstoneTimes tombstones;

    /// When tombstones vanish.
    ///
    /// @param nowMillis when the pass began
    /// @param retentionMillis delete.retention.ms: from when a pass sees a tombstone first
    public record TombstoneTimes(long nowMillis, long retentionMillis) {}

    /// What must stay whatever its keys are.
    ///
    /// @param lastBatches base offsets of the last batches of active producers: their sequences must not be lost
    /// @param logEndOffset the last offset of a partition is never removed
    public record Kept(Set<Long> lastBatches, long logEndOffset) {

        public Kept {
            lastBatches = Set.copyOf(lastBatches);
        }
    }

    /// @param mapEndOffset the map knows all keys before it, from where the dirty part begins
    public Survivors(OffsetMap map, long mapEndOffset, Kept kept, TombstoneTimes tombstones) {
        this.map = map;
        this.mapEndOffset = mapEndOffset;
        this.kept = kept;
        this.tombstones = tombstones;
    }

    public TombstoneTimes tombstones() {
        return tombstones;
    }

    /// Whether all of the batch stays, unseen.
    public boolean isUntouched(RecordBatch batch) {
        return batch.endOffset() > mapEndOffset || batch.endOffset() >= kept.logEndOffset() || batch.isControl();
    }

    /// Whether the record is the last one of its key, as far as the map goes. The key is lent for the call.
    public boolean isLatest(long offset, ByteBuffer key) {
        return offset >= map.latest(key);
    }

    /// Whether a tombstone can vanish, for readers had the time to see it.
    ///
    /// @param deleteHorizonMillis which an earlier pass wrote into its batch
    public boolean isOver(long deleteHorizonMillis) {
        return tombstones.nowMillis() >= deleteHorizonMillis;
    }

    /// Whether the batch stays although none of its records does.
    public boolean isKeptWhenEmpty(RecordBatch batch) {
        return batch.hasProducerId() && kept.lastBatches().contains(batch.baseOffset());
    }
}
