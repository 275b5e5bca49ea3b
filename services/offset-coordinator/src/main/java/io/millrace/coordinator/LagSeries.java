package io.millrace.coordinator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Lags as metrics, and no more series than configured: the first ones by name, so that they stay the same; how many
/// were left out is a number, too.
///
/// Threads: one shows at a time; metrics are read on any.
final class LagSeries {

    private static final Comparator<Lag> BY_NAME =
            Comparator.comparing(Lag::groupId).thenComparing(Lag::topic).thenComparingInt(Lag::partition);

    private final int seriesMax;
    private final MultiGauge gauge;
    private final AtomicInteger leftOut = new AtomicInteger();

    LagSeries(int seriesMax, MeterRegistry registry) {
        this.seriesMax = seriesMax;
        gauge = MultiGauge.builder("millrace.group.lag")
                .description("Records that a group has not read of a partition")
                .register(registry);
        Gauge.builder("millrace.group.lag.left.out", leftOut, AtomicInteger::get)
                .description("Partitions of groups whose lag is not shown, because the bound of series is reached")
                .register(registry);
    }

    /// These instead of those before.
    void show(List<Lag> all) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        all.stream()
                .sorted(BY_NAME)
                .limit(seriesMax)
                .forEach(lag -> rows.add(MultiGauge.Row.of(tags(lag), lag.recordCount())));
        leftOut.set(all.size() - rows.size());
        gauge.register(rows, true);
    }

    private static Tags tags(Lag lag) {
        return Tags.of("group", lag.groupId(), "topic", lag.topic(), "partition", Integer.toString(lag.partition()));
    }
}
