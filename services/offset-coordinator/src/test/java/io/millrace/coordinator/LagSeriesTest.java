package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LagSeriesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LagSeries series = new LagSeries(3, registry);

    @Test
    void thereAreNoMoreSeriesThanConfiguredAndTheFirstByNameStay() {
        series.show(List.of(lag("c", 0, 5), lag("a", 10, 3), lag("b", 0, 4), lag("a", 9, 2), lag("d", 0, 6)));

        assertThat(shown()).containsExactlyInAnyOrder("a-9=2", "a-10=3", "b-0=4");
        assertThat(leftOut()).isEqualTo(2);
    }

    @Test
    void eachLookTakesThePlaceOfTheOneBefore() {
        series.show(List.of(lag("a", 0, 5), lag("b", 0, 5), lag("c", 0, 5), lag("d", 0, 5)));
        series.show(List.of(lag("b", 0, 7)));

        assertThat(shown()).containsExactly("b-0=7");
        assertThat(leftOut()).isZero();
    }

    private static Lag lag(String group, int partition, long recordCount) {
        return new Lag(group, "orders", partition, recordCount);
    }

    private List<String> shown() {
        return registry.find("millrace.group.lag").gauges().stream()
                .map(LagSeriesTest::text)
                .toList();
    }

    private static String text(Gauge gauge) {
        return gauge.getId().getTag("group") + "-" + gauge.getId().getTag("partition") + "=" + (long) gauge.value();
    }

    private int leftOut() {
        return (int) registry.get("millrace.group.lag.left.out").gauge().value();
    }
}
