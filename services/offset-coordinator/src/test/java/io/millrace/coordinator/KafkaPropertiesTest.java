package io.millrace.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    private static CoordinatorConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(CoordinatorConfig.class)
                .withDefaultValues(properties)
                .build()
                .getConfigMapping(CoordinatorConfig.class);
    }
}
