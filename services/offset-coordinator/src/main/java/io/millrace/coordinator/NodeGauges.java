package io.millrace.coordinator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.coordinator.kafka.ShardPhase;
import io.millrace.coordinator.log.TenureStatus;
import java.util.function.ToDoubleFunction;

/// The state of the shards, read when somebody asks.
///
/// Threads: any.
final class NodeGauges {

    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final CoordinatorNode node;

    NodeGauges(MeterRegistry registry, CoordinatorNode node) {
        this.registry = registry;
        this.node = node;
    }

    void register() {
        gauge("millrace.groups.shards.serving", "Shards whose groups are answered", NodeGauges::serving);
        gauge(
                "millrace.groups.shards.failed",
                "Shards that are loaded again after a failure",
                now -> now.phases().values().stream()
                        .filter(ShardPhase.Failed.class::isInstance)
                        .count());
        sum("millrace.groups.puts.in.flight", "Batches on their way to the disk", TenureStatus::putsInFlight);
        sum("millrace.groups.puts.in.flight.bytes", "Bytes on their way to the disk", TenureStatus::inFlightBytes);
        sum("millrace.groups.fold.backlog", "Durable batches that are not folded yet", TenureStatus::tailBatches);
        gauge(
                "millrace.groups.put.oldest.seconds",
                "Age of the oldest put that is not durable",
                now -> now.tenures().values().stream()
                                .mapToLong(TenureStatus::oldestPutNanos)
                                .max()
                                .orElse(0)
                        / NANOS_PER_SECOND);
    }

    private static double serving(CoordinatorNode node) {
        return node.phases().values().stream()
                .filter(ShardPhase.Serving.class::isInstance)
                .count();
    }

    private void sum(String name, String description, ToDoubleFunction<TenureStatus> value) {
        gauge(
                name,
                description,
                now -> now.tenures().values().stream().mapToDouble(value).sum());
    }

    private void gauge(String name, String description, ToDoubleFunction<CoordinatorNode> value) {
        Gauge.builder(name, node, value).description(description).register(registry);
    }
}
