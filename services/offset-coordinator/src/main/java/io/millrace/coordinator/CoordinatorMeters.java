package io.millrace.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.coordinator.kafka.CoordinatorEvents;
import io.millrace.coordinator.kafka.ShardPhase;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// What the log of the groups does, as numbers and lines.
///
/// Threads: any; meters are safe for all.
final class CoordinatorMeters implements CoordinatorEvents {

    private static final Logger LOG = Logger.getLogger("io.millrace.coordinator.shards");
    private static final double[] PERCENTILES = {0.5, 0.99, 0.999};

    private final Timer put;
    private final Counter putBytes;
    private final Counter folded;
    private final Counter lost;
    private final Counter loads;
    private final Counter loadFailures;

    CoordinatorMeters(MeterRegistry registry) {
        put = Timer.builder("millrace.groups.put")
                .description("Time until a batch of group records is durable")
                .publishPercentiles(PERCENTILES)
                .register(registry);
        putBytes = counter(registry, "millrace.groups.put.bytes", "Bytes of group records made durable");
        folded = counter(registry, "millrace.groups.folded", "Batches folded into entries");
        lost = counter(registry, "millrace.groups.shards.lost", "Shards unloaded after a failed or fenced put");
        loads = counter(registry, "millrace.groups.shards.loaded", "Shards loaded");
        loadFailures = counter(registry, "millrace.groups.shards.load.failures", "Loads of shards that failed");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void shardLoaded(int shard, ShardPhase.Serving serving) {
        loads.increment();
        LOG.debugf(
                "Shard loaded shard=%d epoch=%d entries=%d millis=%d",
                shard, serving.epoch(), serving.loadedEntries(), serving.loadMillis());
    }

    @Override
    public void offsetsLeftOut(int shard, int count) {
        LOG.infof("Offsets of deleted topics left out shard=%d count=%d", shard, count);
    }

    @Override
    public void shardLost(int shard, String why) {
        lost.increment();
        LOG.warnf("Shard lost, it is loaded again shard=%d why=\"%s\"", shard, why);
    }

    @Override
    public void loadFailed(int shard, Throwable cause) {
        loadFailures.increment();
        LOG.errorf(cause, "Shard cannot be loaded, it is tried again shard=%d", shard);
    }

    @Override
    public void putCompleted(long nanos, int byteCount) {
        put.record(nanos, TimeUnit.NANOSECONDS);
        putBytes.increment(byteCount);
    }

    @Override
    public void folded(int batchCount) {
        folded.increment(batchCount);
    }

    @Override
    public void groupConfigUnreadable(String group, RuntimeException cause) {
        LOG.warnf(
                "The configuration of a group cannot be read, it has the defaults group=%s cause=\"%s\"",
                group, cause.getMessage());
    }
}
