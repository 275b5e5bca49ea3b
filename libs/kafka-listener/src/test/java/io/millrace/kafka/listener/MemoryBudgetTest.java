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

    @Test
    void largeOnesLeaveRoomForSmallOnes() {
        MemoryBudget roomy = new MemoryBudget(64 << 20);
        MemoryBudget.Ticket first = roomy.reserve(32 << 20, () -> {});
        MemoryBudget.Ticket second = roomy.reserve(32 << 20, () -> granted.add("large"));
        MemoryBudget.Ticket small = roomy.reserve(64 << 10, () -> {});

        assertThat(roomy.isGranted(first)).isTrue();
        assertThat(roomy.isGranted(second)).isFalse();
        assertThat(roomy.isGranted(small)).isTrue();
        assertThat(roomy.isWaitedFor()).isTrue();
    }

    @Test
    void smallOnesTakeMoreThanTheirShareUntilALargeOneWaits() {
        MemoryBudget tight = new MemoryBudget(512 << 10);
        for (int i = 0; i < 4; i++) {
            tight.reserve(64 << 10, () -> {});
        }
        MemoryBudget.Ticket large = tight.reserve(448 << 10, () -> granted.add("large"));
        tight.reserve(64 << 10, () -> granted.add("small"));

        for (int i = 0; i < 3; i++) {
            tight.release(64 << 10);
        }

        assertThat(granted).containsExactly("large");
        tight.cancel(large);
        assertThat(granted).containsExactly("large", "small");
        assertThat(tight.isWaitedFor()).isFalse();
    }
}
