package io.millrace.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.kafka.fetch.FetchEvents;
import java.util.concurrent.TimeUnit;

/// What is fetched from ingest, as meters.
final class FetchMeters implements FetchEvents {

    private final Timer time;
    private final DistributionSummary bytes;
    private final Counter failures;

    FetchMeters(MeterRegistry registry) {
        time = Timer.builder("millrace.ingest.fetches")
                .description("from a fetch's arrival to its answer, the wait for data included")
                .register(registry);
        bytes = DistributionSummary.builder("millrace.ingest.fetch.bytes")
                .description("record bytes in one answer")
                .register(registry);
        failures = Counter.builder("millrace.ingest.fetch.failures")
                .description("partitions that could not be looked up; clients come back")
                .register(registry);
    }

    @Override
    public void answered(int partitionCount, long recordBytes, long waitedNanos) {
        time.record(waitedNanos, TimeUnit.NANOSECONDS);
        bytes.record((double) recordBytes);
    }

    @Override
    public void lookUpsFailed(int partitionCount) {
        failures.increment(partitionCount);
    }
}
