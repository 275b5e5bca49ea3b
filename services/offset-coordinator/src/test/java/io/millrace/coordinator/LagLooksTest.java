package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.GroupViews.OffsetView;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.millrace.coordinator.kafka.GroupSummary;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LagLooksTest {

    private static final Uni<GroupAnswer<List<OffsetView>>> FAILED =
            Uni.createFrom().failure(new IllegalStateException("wal-store does not answer"));

    private static final Uni<GroupAnswer<List<GroupSummary>>> FAILED_LIST =
            Uni.createFrom().failure(new IllegalStateException("closed"));

    private final LagLooks looks = new LagLooks();

    @Test
    void whileTheGroupsCannotBeListedThoseThatAreKnownAreLookedAt() {
        look(Map.of("a", lag(1), "b", lag(2)));

        List<Lag> refused = look(refused(), Map.of("a", refused(), "b", lag(20)));
        List<Lag> failed = look(FAILED_LIST, Map.of());

        assertThat(refused).containsExactlyInAnyOrder(lagOf("a", 1), lagOf("b", 20));
        assertThat(failed).containsExactlyInAnyOrder(lagOf("a", 1), lagOf("b", 20));
    }

    @Test
    void theLagOfAGroupThatCannotBeSeenStaysAndTheOthersAreNew() {
        look(Map.of("a", lag(1), "b", lag(2), "c", lag(3)));

        List<Lag> seen = look(Map.of("a", refused(), "b", FAILED, "c", lag(30), "d", FAILED));

        assertThat(seen).containsExactlyInAnyOrder(lagOf("a", 1), lagOf("b", 2), lagOf("c", 30));
    }

    @Test
    void aGroupThatIsGoneHasNoLag() {
        look(Map.of("a", lag(1), "b", lag(2)));

        List<Lag> without = look(Map.of("b", lag(3)));
        List<Lag> again = look(Map.of("a", FAILED, "b", lag(4)));

        assertThat(without).containsExactly(lagOf("b", 3));
        assertThat(again).containsExactly(lagOf("b", 4));
    }

    /// All of the groups are listed.
    private List<Lag> look(Map<String, Uni<GroupAnswer<List<OffsetView>>>> groups) {
        List<GroupSummary> listed = groups.keySet().stream()
                .map(group -> new GroupSummary(group, "consumer", "Stable", "consumer"))
                .toList();
        return look(Uni.createFrom().item(new GroupAnswer.Given<>(listed)), groups);
    }

    private List<Lag> look(
            Uni<GroupAnswer<List<GroupSummary>>> list, Map<String, Uni<GroupAnswer<List<OffsetView>>>> groups) {
        return looks.look(
                        list,
                        group -> Stream.of(group).map(groups::get).findFirst().orElseThrow())
                .await()
                .indefinitely();
    }

    private static <T> Uni<GroupAnswer<T>> refused() {
        return Uni.createFrom().item(new GroupAnswer.Refused<>(GroupAnswer.Reason.UNAVAILABLE, "being loaded"));
    }

    private static Uni<GroupAnswer<List<OffsetView>>> lag(long recordCount) {
        return Uni.createFrom()
                .item(new GroupAnswer.Given<>(
                        List.of(new OffsetView("orders", 0, 100 - recordCount, "", 100L, recordCount))));
    }

    private static Lag lagOf(String group, long recordCount) {
        return new Lag(group, "orders", 0, recordCount);
    }
}
