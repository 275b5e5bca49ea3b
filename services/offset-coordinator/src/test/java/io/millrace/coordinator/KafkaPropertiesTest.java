package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KafkaPropertiesTest {

    @Test
    void groupsChangeTheirProtocolAsConfigured() {
        assertThat(KafkaProperties.of(config(Map.of())))
                .containsEntry("group.consumer.migration.policy", "bidirectional");
        assertThat(KafkaProperties.of(config(Map.of("millrace.offset-coordinator.group.migration-policy", "upgrade"))))
                .containsEntry("group.consumer.migration.policy", "upgrade");
    }

    @Test
    void assignmentsAreAsFarApartAsConfigured() {
        assertThat(KafkaProperties.of(
                        config(Map.of("millrace.offset-coordinator.group.consumer-assignment-interval", "0s"))))
                .containsEntry("group.consumer.assignment.interval.ms", "0");
        assertThat(KafkaProperties.of(config(Map.of()))).containsEntry("group.consumer.assignment.interval.ms", "1000");
    }

    @Test
    void aMigrationPolicyThatDoesNotExistIsNamedWithItsProperty() {
        CoordinatorConfig config = config(Map.of("millrace.offset-coordinator.group.migration-policy", "sideways"));

        assertThatThrownBy(() -> KafkaProperties.of(config))
                .hasMessageContaining("millrace.offset-coordinator.group.migration-policy");
    }

    /// What the catalog takes for a single group, offset-coordinator must not make something else of.
    @ParameterizedTest
    @CsvSource({"45s, 5s", "6s, 1s", "10m, 1m"})
    void whateverItIsConfiguredToEveryValueThatTheCatalogTakesIsWithinBounds(String session, String heartbeat) {
        String prefix = "millrace.offset-coordinator.group.";
        Map<String, String> kafka = KafkaProperties.of(config(Map.of(
                prefix + "consumer-session-timeout", session,
                prefix + "consumer-heartbeat-interval", heartbeat,
                prefix + "streams-session-timeout", session,
                prefix + "streams-heartbeat-interval", heartbeat)));

        for (String name : List.of("session.timeout.ms", "heartbeat.interval.ms")) {
            for (String protocol : List.of("consumer", "streams")) {
                String config = protocol + "." + name;
                String least = Objects.requireNonNull(kafka.get("group." + protocol + ".min." + name));
                String most = Objects.requireNonNull(kafka.get("group." + protocol + ".max." + name));
                long below = Long.parseLong(least) - 1;
                long above = Long.parseLong(most) + 1;

                assertThat(ResourceConfigs.problem(Resource.Kind.GROUP, Map.of(config, Long.toString(below))))
                        .as("%s below %s", config, least)
                        .isPresent();
                assertThat(ResourceConfigs.problem(Resource.Kind.GROUP, Map.of(config, Long.toString(above))))
                        .as("%s above %s", config, most)
                        .isPresent();
            }
        }
    }

    private static CoordinatorConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(CoordinatorConfig.class)
                .withDefaultValues(properties)
                .build()
                .getConfigMapping(CoordinatorConfig.class);
    }
}
