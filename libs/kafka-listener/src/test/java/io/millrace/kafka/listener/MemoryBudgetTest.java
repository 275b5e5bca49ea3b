package io.millrace.kafka.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget(100);
    private final List<String> granted = new ArrayList<>();

    @Test
    void whoFindsNoRoomWaitsInLineAndIsServedInOrder() {
        budget.reserve(80, () -> {});
        MemoryBudget.Ticket large = budget.reserve(60, () -> granted.add("large"));
        MemoryBudget.Ticket small = budget.reserve(10, () -> granted.add("small"));

        assertThat(budget.isGranted(small)).isFalse();
        budget.release(80);

        assertThat(granted).containsExactly("large", "small");
        assertThat(budget.isGranted(large)).isTrue();
        assertThat(budget.reserved()).isEqualTo(70);
    }

    @Test
    void whoLeavesTheLineLetsTheNextOneIn() {
        budget.reserve(80, () -> {});
        MemoryBudget.Ticket large = budget.reserve(60, () -> granted.add("large"));
        budget.reserve(10, () -> granted.add("small"));

        budget.cancel(large);

        assertThat(granted).containsExactly("small");
        assertThat(budget.reserved()).isEqualTo(90);
    }

    @Test
    void whatIsLargerThanAllGetsAllWhenNothingElseIsHeld() {
        MemoryBudget.Ticket huge = budget.reserve(500, () -> {});

        assertThat(budget.isGranted(huge)).isTrue();
        budget.cancel(huge);
        assertThat(budget.reserved()).isZero();
    }
}
