package io.millrace.ingest.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.model.AppendOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What happens to record batches between a producer and wal-store, as meters.
///
/// Threads: any.
public final class ProduceMetrics {

    private final LongSupplier nanoTime;
    private final Counter batches;
    private final Counter records;
    private final Counter bytes;
    private final Counter elsewhere;
    private final Counter duplicates;
    private final Counter unknown;
    private final Timer appends;
    private final Map<Refusal, Counter> rejections = new EnumMap<>(Refusal.class);

    /// @param nanoTime a clock for elapsed time
    public ProduceMetrics(MeterRegistry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        batches = Counter.builder("millrace.ingest.batches")
                .description("record batches sent to wal-store")
                .register(registry);
        records = Counter.builder("millrace.ingest.records")
                .description("records in the batches sent to wal-store")
                .register(registry);
        bytes = Counter.builder("millrace.ingest.bytes")
                .description("bytes of the batches sent to wal-store")
                .register(registry);
        elsewhere = Counter.builder("millrace.ingest.validations.off.loop")
                .description("batches checked off the event loop, because they are large and compressed")
                .register(registry);
        duplicates = Counter.builder("millrace.ingest.duplicates")
                .description("retried batches that were in the log already")
                .register(registry);
        unknown = Counter.builder("millrace.ingest.unknown")
                .description("batches of which nobody knows whether they were written")
                .register(registry);
        appends = Timer.builder("millrace.ingest.append")
                .description("from sending a batch to wal-store to its answer")
                .publishPercentileHistogram()
                .register(registry);
        for (Refusal refusal : Refusal.values()) {
            rejections.put(
                    refusal,
                    Counter.builder("millrace.ingest.rejected")
                            .description("batches that were turned down")
                            .tag("reason", refusal.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    void sent(RecordBatch batch) {
        batches.increment();
        records.increment(batch.recordCount());
        bytes.increment(batch.sizeInBytes());
    }

    void answered(AppendOutcome outcome, long sentNanos) {
        appends.record(nanoTime() - sentNanos, TimeUnit.NANOSECONDS);
        if (outcome instanceof AppendOutcome.Duplicate) {
            duplicates.increment();
        } else if (outcome instanceof AppendOutcome.Unknown) {
            unknown.increment();
        }
    }

    void validatedElsewhere() {
        elsewhere.increment();
    }

    void rejected(Refusal refusal) {
        Counter counter = rejections.get(refusal);
        if (counter != null) {
            counter.increment();
        }
    }
}
