package io.millrace.coordinator;

import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.millrace.coordinator.kafka.GroupSummary;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Looks at the lag of each partition of each group every now and then, and shows it as [LagSeries].
///
/// Threads: any; never blocks.
final class LagMeters {

    private static final Logger LOG = Logger.getLogger(LagMeters.class);
    private static final int GROUPS_AT_ONCE = 16;

    private final Duration interval;
    private final GroupLags lags;
    private final LagSeries series;

    /// @param interval zero for no lags at all
    LagMeters(Duration interval, GroupLags lags, LagSeries series) {
        this.interval = interval;
        this.lags = lags;
        this.series = series;
    }

    /// Looks until it is cancelled.
    ///
    /// @param admin empty while no groups are served
    Cancellable start(Supplier<Optional<GroupAdmin>> admin) {
        if (!interval.isPositive()) {
            return () -> {};
        }
        return Multi.createFrom()
                .ticks()
                .every(interval)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> look(admin.get()))
                .subscribe()
                .with(series::show, failure -> LOG.error("The looks at the lags ended", failure));
    }

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
}
