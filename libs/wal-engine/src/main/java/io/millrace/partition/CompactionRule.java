package io.millrace.partition;

import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.millrace.partition.CompactionWorth.Urgency;
import java.util.Optional;

/// Decides whether a partition is worth compacting, and how far it may be.
///
/// Age counts from the append, as in [RetentionRule].
///
/// Threads: immutable. Units: milliseconds, bytes of record batches.
/// Source: Kafka documentation, min.cleanable.dirty.ratio, min.compaction.lag.ms, max.compaction.lag.ms; KIP-354.
record CompactionRule(double dirtyRatioMin, long lagMillisMin, long lagMillisMax, long aheadMillisMax) {

    /// Empty for a topic that is not compacted.
    static Optional<CompactionRule> of(Topic topic) {
        return TopicConfigs.isCompacted(topic)
                ? Optional.of(new CompactionRule(
                        TopicConfigs.dirtyRatioMin(topic),
                        TopicConfigs.compactionLagMinMillis(topic),
                        TopicConfigs.compactionLagMaxMillis(topic),
                        TopicConfigs.timestampAfterMaxMillis(topic)))
                : Optional.empty();
    }

    /// What of a partition could be compacted.
    ///
    /// @param cleanedOffset everything before it was
    /// @param sealedEndOffset nothing behind it can be
    record Reach(long cleanedOffset, long sealedEndOffset) {}

    /// Empty if there is nothing to do.
    Optional<CompactionWorth> decide(Stretches stretches, Reach reach, long nowMillis) {
        long cleanBytes = 0;
        long dirtyBytes = 0;
        long endOffset = reach.cleanedOffset();
        boolean isOverdue = false;
        for (int i = 0; i < stretches.count() && isCleanable(stretches, i, reach, nowMillis); i++) {
            if (stretches.endOffset(i) <= reach.cleanedOffset()) {
                cleanBytes += stretches.bytes(i);
                continue;
            }
            dirtyBytes += stretches.bytes(i);
            endOffset = stretches.endOffset(i);
            isOverdue |= nowMillis - stretches.firstRoundMillis(i) > lagMillisMax;
        }
        if (endOffset == reach.cleanedOffset()) {
            return Optional.empty();
        }
        double ratio = dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
        Urgency due = ratio > dirtyRatioMin ? Urgency.DUE : Urgency.NONE;
        return Optional.of(new CompactionWorth(endOffset, ratio, isOverdue ? Urgency.OVERDUE : due));
    }

    private boolean isCleanable(Stretches stretches, int at, Reach reach, long nowMillis) {
        boolean isOldEnough = lagMillisMin == 0 || stretches.ageMillis(at, nowMillis, aheadMillisMax) >= lagMillisMin;
        return isOldEnough && stretches.endOffset(at) <= reach.sealedEndOffset();
    }
}
