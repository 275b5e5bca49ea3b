package io.millrace.coordinator;

import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/// Looks at the lag of each partition of each group every now and then, and shows it as [LagSeries].
///
/// Threads: any; never blocks.
final class LagMeters {

    private static final Logger LOG = Logger.getLogger(LagMeters.class);

    private final Duration interval;
    private final GroupAccess groups;
    private final GroupLags lags;
    private final LagSeries series;
    private final LagLooks looks = new LagLooks();

    /// @param interval zero for no lags at all
    LagMeters(Duration interval, GroupAccess groups, GroupLags lags, LagSeries series) {
        this.interval = interval;
        this.groups = groups;
        this.lags = lags;
        this.series = series;
    }

    /// Looks until it is cancelled.
    Cancellable start() {
        if (!interval.isPositive()) {
            return () -> {};
        }
        return Multi.createFrom()
                .ticks()
                .every(interval)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> look())
                .subscribe()
                .with(series::show, failure -> LOG.error("The looks at the lags ended", failure));
    }

    private Uni<List<Lag>> look() {
        return groups.adminIfServing()
                .map(present -> looks.look(present.list(), groupId -> offsets(present, groupId)))
                .orElseGet(() -> Uni.createFrom().item(List.of()));
    }

    private Uni<GroupAnswer<List<OffsetView>>> offsets(GroupAdmin admin, String groupId) {
        return admin.offsets(groupId).flatMap(this::withLags);
    }

    private Uni<GroupAnswer<List<OffsetView>>> withLags(GroupAnswer<List<CommittedOffset>> answer) {
        return switch (answer) {
            case GroupAnswer.Given<List<CommittedOffset>>(List<CommittedOffset> committed) ->
                lags.beside(committed).map(GroupAnswer.Given::new);
            case GroupAnswer.Refused<List<CommittedOffset>>(GroupAnswer.Reason reason, String message) ->
                Uni.createFrom().item(new GroupAnswer.Refused<>(reason, message));
        };
    }
}
