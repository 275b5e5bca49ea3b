package io.millrace.partition;

import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;

/// Decides how much of a partition's beginning is too old or too much.
///
/// A record's age counts from its append, in the rounds' time. A timestamp ahead of the append postpones that, so
/// that nothing goes while its own timestamp is younger than the limit; but only as far as the topic accepts such
/// timestamps, and at most by the limit itself, or one wrong clock would keep everything behind it for ever.
/// Timestamps that lie behind are no reason to delete early.
///
/// Threads: immutable. Units: milliseconds, bytes of record batches; negative for no limit.
/// Source: Kafka documentation, retention.ms and retention.bytes; KIP-33.
record RetentionRule(long millisMax, long bytesMax, long aheadMillisMax) {

    static RetentionRule of(Topic topic) {
        return TopicConfigs.isDeletedByRetention(topic)
                ? new RetentionRule(
                        TopicConfigs.retentionMillis(topic),
                        TopicConfigs.retentionBytes(topic),
                        TopicConfigs.timestampAfterMaxMillis(topic))
                : new RetentionRule(-1, -1, 0);
    }

    /// How many of the stretches go, from the first one on. What stays has at least the bytes of the limit.
    int expiredCount(Stretches stretches, long nowMillis) {
        long bytesBehind = stretches.totalBytes();
        for (int i = 0; i < stretches.count(); i++) {
            bytesBehind -= stretches.bytes(i);
            boolean isTooMuch = bytesMax >= 0 && bytesBehind >= bytesMax;
            if (!isTooMuch && !isTooOld(stretches, i, nowMillis)) {
                return i;
            }
        }
        return stretches.count();
    }

    private boolean isTooOld(Stretches stretches, int at, long nowMillis) {
        return millisMax >= 0 && stretches.ageMillis(at, nowMillis, Math.min(aheadMillisMax, millisMax)) > millisMax;
    }
}
