package io.millrace.fetch.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.model.RecordBatch;
import java.util.List;

/// What the cache does, as numbers.
///
/// Threads: any. Units: bytes of record batches, but for the gauges, which count memory.
public final class CacheMeters {

    private final Counter hitBytes;
    private final Counter missBytes;
    private final Counter hits;
    private final Counter rangeReads;
    private final Counter joined;
    private final Counter ahead;
    private final Counter pushedBytes;

    public CacheMeters(MeterRegistry registry, BatchCache cache) {
        hits = counter(registry, "millrace.fetch.cache.hits", "Pages answered from the cache");
        hitBytes = counter(registry, "millrace.fetch.cache.hit.bytes", "Bytes of pages answered from the cache");
        missBytes = counter(registry, "millrace.fetch.cache.read.bytes", "Bytes read from wal-store");
        rangeReads = counter(registry, "millrace.fetch.cache.range.reads", "Ranges read from wal-store");
        joined = counter(registry, "millrace.fetch.cache.joined.reads", "Reads that waited for another one's range");
        ahead = counter(registry, "millrace.fetch.cache.ahead.reads", "Ranges read ahead of a reader");
        pushedBytes = counter(registry, "millrace.fetch.cache.pushed.bytes", "Bytes pushed by the tail feed");
        Gauge.builder("millrace.fetch.cache.tail.bytes", cache, each -> each.tailBytes())
                .description("Memory of what the tail feed pushed")
                .register(registry);
        Gauge.builder("millrace.fetch.cache.past.bytes", cache, each -> each.pastBytes())
                .description("Memory of what was read of the past")
                .register(registry);
    }

    void hit(long bytes) {
        hits.increment();
        hitBytes.increment((double) bytes);
    }

    void missed(long bytes) {
        missBytes.increment((double) bytes);
    }

    void asked(int count) {
        rangeReads.increment(count);
    }

    void joined() {
        joined.increment();
    }

    void ahead() {
        ahead.increment();
    }

    /// These came by the feed.
    public void pushed(List<RecordBatch> batches) {
        for (RecordBatch batch : batches) {
            pushedBytes.increment(batch.sizeInBytes());
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
