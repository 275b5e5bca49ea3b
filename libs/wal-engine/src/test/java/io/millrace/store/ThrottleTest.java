package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ThrottleTest {

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Throttle throttle = new Throttle(1_000, 50);

    @Test
    void theFirstPieceNeedNotWait() {
        assertThat(throttle.waitNanos(50)).isZero();
    }

    @Test
    void aPieceIsFollowedByThePauseThatItsBytesTake() {
        throttle.spend(500, 50, 50, 2);

        assertThat(throttle.waitNanos(50)).isEqualTo(SECOND_NANOS / 2);
        assertThat(throttle.waitNanos(50 + SECOND_NANOS / 4)).isEqualTo(SECOND_NANOS / 4);
        assertThat(throttle.waitNanos(50 + SECOND_NANOS)).isZero();
    }

    @Test
    void slowWorkIsFollowedByTwiceItsTime() {
        throttle.spend(500, 50, 50 + SECOND_NANOS, 2);

        assertThat(throttle.waitNanos(50 + SECOND_NANOS)).isEqualTo(2 * SECOND_NANOS);
    }

    @Test
    void inHasteOnlyTheBytesCount() {
        throttle.spend(500, 50, 50 + SECOND_NANOS, 0);

        assertThat(throttle.waitNanos(50 + SECOND_NANOS)).isEqualTo(SECOND_NANOS / 2);
    }

    @Test
    void anIdleTimeIsNotSavedUp() {
        throttle.spend(500, 50, 50, 2);
        throttle.spend(500, 100 * SECOND_NANOS, 100 * SECOND_NANOS, 2);

        assertThat(throttle.waitNanos(100 * SECOND_NANOS)).isEqualTo(SECOND_NANOS / 2);
    }
}
