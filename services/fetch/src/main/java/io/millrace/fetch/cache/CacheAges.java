package io.millrace.fetch.cache;

import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// How long what is cached may be answered. Only compaction changes what was committed: it removes superseded records,
/// and `delete.retention.ms` later their tombstones. A range that stayed longer than that would give a reader the
/// record, and the owner no tombstone after it.
///
/// Threads: all methods from any thread. Units: milliseconds; nanoseconds of the given clock.
/// Source: Kafka documentation, delete.retention.ms.
public final class CacheAges {

    /// Also where tombstones go at once, so that what is read ahead is there when its reader comes.
    private static final long COMPACTED_MILLIS_MIN = 1_000;

    private final Supplier<Catalog> catalog;
    private final LongSupplier nanoTime;
    private final long compactedMillisMax;

    /// @param compactedMillisMax what was cached of a compacted topic longer ago is read from the owner again
    public CacheAges(Supplier<Catalog> catalog, LongSupplier nanoTime, long compactedMillisMax) {
        this.catalog = catalog;
        this.nanoTime = nanoTime;
        this.compactedMillisMax = compactedMillisMax;
    }

    /// What holds for a partition now.
    record Limit(long nowNanos, long nanosMax) {

        boolean allows(CachedRange range) {
            return nowNanos - range.addedNanos() <= nanosMax;
        }
    }

    long nowNanos() {
        return nanoTime.getAsLong();
    }

    Limit limit(PartitionId id) {
        Optional<Topic> compacted = catalog.get().topic(id.topicId()).filter(TopicConfigs::isCompacted);
        long nanosMax = compacted.map(this::nanosMax).orElse(Long.MAX_VALUE);
        return new Limit(nowNanos(), nanosMax);
    }

    private long nanosMax(Topic topic) {
        long tombstoneMillis = Math.max(COMPACTED_MILLIS_MIN, TopicConfigs.deleteRetentionMillis(topic));
        return TimeUnit.MILLISECONDS.toNanos(Math.min(compactedMillisMax, tombstoneMillis));
    }
}
