package io.millrace.coordinator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.millrace.coordinator.kafka.GroupSummary;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// The lag of each partition of each group as numbers, looked at every now and then.
///
/// No more series than configured: the first ones by name, so that they stay the same; how many were left out is a
/// number, too.
///
/// Threads: any; never blocks.
final class LagMeters {

    private static final Logger LOG = Logger.getLogger(LagMeters.class);
    private static final int GROUPS_AT_ONCE = 16;

    /// @param interval zero for no lags at all
    record Settings(Duration interval, int seriesMax) {}

    private final Settings settings;
    private final GroupLags lags;
    private final MultiGauge gauge;
    private final AtomicInteger leftOut = new AtomicInteger();

    LagMeters(Settings settings, GroupLags lags, MeterRegistry registry) {
        this.settings = settings;
        this.lags = lags;
        gauge = MultiGauge.builder("millrace.group.lag")
                .description("Records that a group has not read of a partition")
                .register(registry);
        Gauge.builder("millrace.group.lag.left.out", leftOut, AtomicInteger::get)
                .description("Partitions of groups whose lag is not shown, because the bound of series is reached")
                .register(registry);
    }

    /// Looks until it is cancelled.
    ///
    /// @param admin empty while no groups are served
    Cancellable start(Supplier<Optional<GroupAdmin>> admin) {
        if (!settings.interval().isPositive()) {
            return () -> {};
        }
        return Multi.createFrom()
                .ticks()
                .every(settings.interval())
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> look(admin.get()))
                .subscribe()
                .with(this::show, failure -> LOG.error("The looks at the lags ended", failure));
    }

    private record Lag(String groupId, String topic, int partition, long recordCount) {}

    private Uni<List<Lag>> look(Optional<GroupAdmin> admin) {
        return admin.map(present -> present.list().flatMap(answer -> look(present, answer)))
                .orElseGet(() -> Uni.createFrom().item(List.of()))
                .onFailure()
                .invoke(failure -> LOG.debugf("The lags are not known now cause=%s", failure))
                .onFailure()
                .recoverWithItem(List.of());
    }

    private Uni<List<Lag>> look(GroupAdmin admin, GroupAnswer<List<GroupSummary>> answer) {
        List<Uni<List<Lag>>> looks = answer.stream()
                .flatMap(List::stream)
                .map(group -> look(admin, group.groupId()))
                .toList();
        return looks.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join()
                        .all(looks)
                        .usingConcurrencyOf(GROUPS_AT_ONCE)
                        .andFailFast()
                        .map(each -> each.stream().flatMap(List::stream).toList());
    }

    /// A group that was deleted meanwhile, or is being loaded, has none.
    private Uni<List<Lag>> look(GroupAdmin admin, String groupId) {
        return admin.offsets(groupId)
                .flatMap(answer ->
                        lags.beside(answer.stream().flatMap(List::stream).toList()))
                .map(offsets ->
                        offsets.stream().flatMap(offset -> lag(groupId, offset)).toList());
    }

    private static Stream<Lag> lag(String groupId, OffsetView offset) {
        Long lag = offset.lag();
        return lag == null ? Stream.of() : Stream.of(new Lag(groupId, offset.topic(), offset.partition(), lag));
    }

    private void show(List<Lag> all) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        all.stream()
                .sorted(Comparator.comparing(Lag::groupId)
                        .thenComparing(Lag::topic)
                        .thenComparingInt(Lag::partition))
                .limit(settings.seriesMax())
                .forEach(lag -> rows.add(MultiGauge.Row.of(tags(lag), lag.recordCount())));
        leftOut.set(all.size() - rows.size());
        gauge.register(rows, true);
    }

    private static Tags tags(Lag lag) {
        return Tags.of("group", lag.groupId(), "topic", lag.topic(), "partition", Integer.toString(lag.partition()));
    }
}
