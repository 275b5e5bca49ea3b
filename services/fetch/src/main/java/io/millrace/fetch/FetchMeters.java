package io.millrace.fetch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.kafka.fetch.FetchEvents;
import java.util.concurrent.TimeUnit;

/// What fetching does, as numbers.
///
/// Threads: any.
final class FetchMeters implements FetchEvents {

    private final Timer answers;
    private final Counter recordBytes;
    private final DistributionSummary partitions;
    private final Counter failedLookUps;
    private final Counter rangeReads;
    private final Counter rangeReadBytes;

    FetchMeters(MeterRegistry registry) {
        answers = Timer.builder("millrace.fetch.answers")
                .description("Fetches answered, and how long they waited for records")
                .register(registry);
        recordBytes = counter(registry, "millrace.fetch.record.bytes", "Bytes of records answered to consumers");
        partitions = DistributionSummary.builder("millrace.fetch.partitions")
                .description("Partitions in a fetch")
                .register(registry);
        failedLookUps = counter(
                registry, "millrace.fetch.failed.lookups", "Partitions answered with a retriable error for silence");
        rangeReads = counter(registry, "millrace.fetch.range.reads", "Range reads on behalf of other services");
        rangeReadBytes = counter(registry, "millrace.fetch.range.read.bytes", "Bytes of records given to them");
    }

    @Override
    public void answered(int partitionCount, long bytes, long waitedNanos) {
        answers.record(waitedNanos, TimeUnit.NANOSECONDS);
        recordBytes.increment((double) bytes);
        partitions.record(partitionCount);
    }

    @Override
    public void lookUpsFailed(int partitionCount) {
        failedLookUps.increment(partitionCount);
    }

    void rangeRead(long bytes) {
        rangeReads.increment();
        rangeReadBytes.increment((double) bytes);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
