package io.millrace.coordinator;

import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.millrace.coordinator.kafka.GroupSummary;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Looks at the lags of all groups; what cannot be seen now is as it was seen last.
///
/// While a shard is loaded again its groups cannot be seen, and no list of all groups can be had: the others
/// are still looked at, and none disappears.
///
/// Threads: any, one look at a time. Errors: a look never fails.
final class LagLooks {

    private static final Logger LOG = Logger.getLogger(LagLooks.class);
    private static final int GROUPS_AT_ONCE = 16;

    // Written by the look that ends.
    private volatile Map<String, List<Lag>> seen = Map.of();

    /// @param offsets of a group, with their lags
    Uni<List<Lag>> look(
            Uni<GroupAnswer<List<GroupSummary>>> groups, Function<String, Uni<GroupAnswer<List<OffsetView>>>> offsets) {
        Uni<Map<String, List<Lag>>> looks = groups.map(this::groupIds).flatMap(groupIds -> look(groupIds, offsets));
        return neverFailing(looks, () -> seen)
                .invoke(looked -> seen = looked)
                .map(looked -> looked.values().stream().flatMap(List::stream).toList());
    }

    private static <T> Uni<T> neverFailing(Uni<T> look, Supplier<T> before) {
        return look.onFailure()
                .invoke(failure -> LOG.debugf("Lags are not known now cause=%s", failure))
                .onFailure()
                .recoverWithItem(before);
    }

    private Collection<String> groupIds(GroupAnswer<List<GroupSummary>> answer) {
        return switch (answer) {
            case GroupAnswer.Given<List<GroupSummary>>(List<GroupSummary> listed) ->
                listed.stream().map(GroupSummary::groupId).toList();
            case GroupAnswer.Refused<List<GroupSummary>> _ -> seen.keySet();
        };
    }

    private Uni<Map<String, List<Lag>>> look(
            Collection<String> groupIds, Function<String, Uni<GroupAnswer<List<OffsetView>>>> offsets) {
        List<Uni<GroupLook>> looks =
                groupIds.stream().map(groupId -> look(groupId, offsets)).toList();
        return looks.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : Uni.join()
                        .all(looks)
                        .usingConcurrencyOf(GROUPS_AT_ONCE)
                        .andFailFast()
                        .map(LagLooks::byGroup);
    }

    private record GroupLook(String groupId, List<Lag> lags) {}

    private Uni<GroupLook> look(String groupId, Function<String, Uni<GroupAnswer<List<OffsetView>>>> offsets) {
        Uni<GroupAnswer<List<OffsetView>>> answers = Uni.createFrom().deferred(() -> offsets.apply(groupId));
        return neverFailing(answers.map(answer -> looked(groupId, answer)), () -> asBefore(groupId));
    }

    private GroupLook looked(String groupId, GroupAnswer<List<OffsetView>> answer) {
        return switch (answer) {
            case GroupAnswer.Given<List<OffsetView>>(List<OffsetView> offsets) ->
                new GroupLook(
                        groupId,
                        offsets.stream().flatMap(offset -> lag(groupId, offset)).toList());
            case GroupAnswer.Refused<List<OffsetView>> _ -> asBefore(groupId);
        };
    }

    private static Stream<Lag> lag(String groupId, OffsetView offset) {
        Long lag = offset.lag();
        return lag == null ? Stream.of() : Stream.of(new Lag(groupId, offset.topic(), offset.partition(), lag));
    }

    private GroupLook asBefore(String groupId) {
        return new GroupLook(groupId, seen.getOrDefault(groupId, List.of()));
    }

    private static Map<String, List<Lag>> byGroup(List<GroupLook> looks) {
        Map<String, List<Lag>> byGroup = new HashMap<>();
        looks.forEach(look -> byGroup.put(look.groupId(), look.lags()));
        return byGroup;
    }
}
