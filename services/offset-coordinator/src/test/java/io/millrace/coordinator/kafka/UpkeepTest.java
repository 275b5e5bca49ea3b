package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class UpkeepTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger looks = new AtomicInteger();
    private final Upkeep upkeep = new Upkeep(looks::incrementAndGet, nanos::get);

    @Test
    void aLookThatIsLateIsLeftOutAndTheNextOneIsNot() {
        pass(Upkeep.PAUSE);
        upkeep.run();
        assertThat(looks).hasValue(1);

        pass(Duration.ofMinutes(1));
        upkeep.run();
        assertThat(looks).hasValue(1);

        pass(Upkeep.PAUSE);
        upkeep.run();
        assertThat(looks).hasValue(2);
    }

    @Test
    void aThreadThatIsAlwaysLateLooksAllTheSame() {
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofMinutes(1));
            upkeep.run();
        }

        assertThat(looks).hasValue(2);
    }

    @Test
    void aLookOfABusyThreadIsNotLate() {
        pass(Upkeep.LATE);
        upkeep.run();

        assertThat(looks).hasValue(1);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
