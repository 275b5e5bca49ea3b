package io.millrace.fetch.cache;

import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.millrace.model.TopicId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
    /// Written by whoever meets another catalog than this first.
    private volatile Known known;

    /// @param compactedMillisMax what was cached of a compacted topic longer ago is read from the owner again
    public CacheAges(Supplier<Catalog> catalog, LongSupplier nanoTime, long compactedMillisMax) {
        this.catalog = catalog;
        this.nanoTime = nanoTime;
        this.compactedMillisMax = compactedMillisMax;
        this.known = new Known(catalog.get(), new ConcurrentHashMap<>());
    }

    /// What was found out of the topics of a catalog.
    private record Known(Catalog catalog, Map<TopicId, Long> nanosMax) {}

    /// What holds for a partition now.
    record Limit(long nowNanos, long nanosMax) {

        boolean allows(CachedRange range) {
            return nowNanos - range.addedNanos() <= nanosMax;
        }
    }

    long nowNanos() {
        return nanoTime.getAsLong();
    }

    @SuppressWarnings(
            "ReferenceEquality") // A new catalog is another object; to compare what is in it would take longer.
    Limit limit(PartitionId id) {
        Catalog now = catalog.get();
        Known last = known;
        if (last.catalog() != now) {
            last = new Known(now, new ConcurrentHashMap<>());
            known = last;
        }
        Long found = last.nanosMax().get(id.topicId());
        return new Limit(nowNanos(), found != null ? found : learned(last, id.topicId()));
    }

    /// Only of topics that there are, so that what is asked for does not fill the memory.
    private long learned(Known known, TopicId id) {
        Optional<Topic> topic = known.catalog().topic(id);
        long nanosMax =
                topic.filter(TopicConfigs::isCompacted).map(this::nanosMax).orElse(Long.MAX_VALUE);
        if (topic.isPresent()) {
            known.nanosMax().put(id, nanosMax);
        }
        return nanosMax;
    }

    private long nanosMax(Topic topic) {
        long tombstoneMillis = Math.max(COMPACTED_MILLIS_MIN, TopicConfigs.deleteRetentionMillis(topic));
        return TimeUnit.MILLISECONDS.toNanos(Math.min(compactedMillisMax, tombstoneMillis));
    }
}
