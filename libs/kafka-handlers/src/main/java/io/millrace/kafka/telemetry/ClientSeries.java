package io.millrace.kafka.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;

/// The numbers that clients sent, as gauges of one name: `millrace.client.metric` with the metric's own name, the
/// client and the metric's attributes as tags.
///
/// Threads: any. Source: OpenTelemetry's metrics format, as KIP-714 uses it.
final class ClientSeries {

    private static final String NAME = "millrace.client.metric";

    /// Of a metric's name, and of a client's id. The names of Kafka's own metrics have less than half of it.
    private static final int NAME_LENGTH_MAX = 256;

    /// Of all attributes of a series; a topic's name has up to 249 characters, and stands beside others.
    private static final int ATTRIBUTES_LENGTH_MAX = 1_024;

    private final MeterRegistry registry;
    private final int seriesMax;

    /// Guards the series.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Uuid, Map<Series, Value>> byClient = new HashMap<>();
    private int count;

    private record Series(String metric, String attributes) {

        private boolean isTooLong() {
            return metric.length() > NAME_LENGTH_MAX || attributes.length() > ATTRIBUTES_LENGTH_MAX;
        }
    }

    private record Value(AtomicReference<Double> number, Gauge gauge) {}

    ClientSeries(MeterRegistry registry, int seriesMax) {
        this.registry = registry;
        this.seriesMax = seriesMax;
    }

    /// Takes in what a client sent; series beyond the bound are left out, and so are those with longer names
    /// than anybody needs, since a series is kept and a small push may inflate to a name of a megabyte.
    void accept(Uuid clientInstanceId, String clientId, MetricsData data) {
        if (clientId.length() > NAME_LENGTH_MAX) {
            return;
        }
        lock.lock();
        try {
            for (ResourceMetrics resource : data.getResourceMetricsList()) {
                for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                    scope.getMetricsList().forEach(metric -> accept(clientInstanceId, clientId, metric));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept(Uuid clientInstanceId, String clientId, Metric metric) {
        boolean isDelta = metric.hasSum()
                && metric.getSum().getAggregationTemporality() == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        List<NumberDataPoint> points = metric.hasSum()
                ? metric.getSum().getDataPointsList()
                : metric.getGauge().getDataPointsList();
        for (NumberDataPoint point : points) {
            Series series = new Series(metric.getName(), attributes(point));
            Value value = byClient.getOrDefault(clientInstanceId, Map.of()).get(series);
            if (value == null && count < seriesMax && !series.isTooLong()) {
                value = register(clientInstanceId, clientId, series);
                byClient.computeIfAbsent(clientInstanceId, _ -> new HashMap<>()).put(series, value);
                count++;
            }
            if (value != null) {
                double number = point.hasAsDouble() ? point.getAsDouble() : point.getAsInt();
                value.number().updateAndGet(before -> isDelta ? before + number : number);
            }
        }
    }

    private Value register(Uuid clientInstanceId, String clientId, Series series) {
        AtomicReference<Double> number = new AtomicReference<>(0.0);
        Gauge gauge = Gauge.builder(NAME, number, AtomicReference::get)
                .tag("metric", series.metric())
                .tag("attributes", series.attributes())
                .tag("client_id", clientId)
                .tag("client_instance_id", clientInstanceId.toString())
                .register(registry);
        return new Value(number, gauge);
    }

    /// The client is gone.
    void forget(Uuid clientInstanceId) {
        lock.lock();
        try {
            Map<Series, Value> gone = byClient.remove(clientInstanceId);
            if (gone != null) {
                Iterator<Value> values = gone.values().iterator();
                while (values.hasNext()) {
                    registry.remove(values.next().gauge());
                    count--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static String attributes(NumberDataPoint point) {
        return point.getAttributesList().stream()
                .map(ClientSeries::text)
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String text(KeyValue attribute) {
        return attribute.getKey() + "=" + attribute.getValue().getStringValue();
    }
}
