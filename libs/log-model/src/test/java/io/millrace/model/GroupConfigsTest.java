package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GroupConfigsTest {

    @ParameterizedTest
    @CsvSource({
        "consumer.session.timeout.ms, 1, greater, group.consumer.min.session.timeout.ms",
        "consumer.session.timeout.ms, 60001, less, group.consumer.max.session.timeout.ms",
        "streams.session.timeout.ms, 44999, greater, group.streams.min.session.timeout.ms",
        "streams.heartbeat.interval.ms, 1, greater, group.streams.min.heartbeat.interval.ms",
        "streams.heartbeat.interval.ms, 15001, less, group.streams.max.heartbeat.interval.ms",
        "consumer.assignment.interval.ms, 15001, less, group.consumer.max.assignment.interval.ms",
        "streams.num.standby.replicas, 3, less, group.streams.max.standby.replicas"
    })
    void whatIsOutOfBoundsIsRefusedInKafkasWords(String name, String value, String than, String bound) {
        assertThat(ResourceConfigs.problem(Resource.Kind.GROUP, Map.of(name, value)))
                .contains(name + " must be " + than + " than or equal to " + bound);
    }

    @Test
    void theBoundsThemselvesAndBlanksAroundThemAreLegal() {
        assertThat(ResourceConfigs.problem(
                        Resource.Kind.GROUP,
                        Map.of(
                                "consumer.session.timeout.ms", "45000",
                                "streams.session.timeout.ms", " 60000 ",
                                "streams.heartbeat.interval.ms", "15000",
                                "streams.num.standby.replicas", "2")))
                .isEmpty();
    }

    @Test
    void everyDefaultIsLegal() {
        assertThat(ResourceConfigs.all(Resource.Kind.GROUP))
                .hasSize(8)
                .allSatisfy(definition -> assertThat(ResourceConfigs.problem(
                                Resource.Kind.GROUP, Map.of(definition.name(), definition.defaultValue())))
                        .isEmpty());
    }
}
