package io.millrace.kafka.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.junit.jupiter.api.Test;

final class ResourceConfigEntriesTest {

    @Test
    void aClientMetricsConfigurationFallsBackToNothing() {
        Resource resource = new Resource(Resource.Kind.CLIENT_METRICS, "all");

        assertThat(synonyms(resource, ResourceConfigs.METRICS, Map.of(ResourceConfigs.METRICS, "org.apache")))
                .containsExactly(ConfigSource.CLIENT_METRICS_CONFIG + " " + ResourceConfigs.METRICS);
        assertThat(synonyms(resource, ResourceConfigs.INTERVAL, Map.of())).isEmpty();
    }

    @Test
    void aGroupsConfigurationFallsBackToTheDefaultUnderTheBrokersName() {
        Resource resource = new Resource(Resource.Kind.GROUP, "readers");

        assertThat(synonyms(resource, "consumer.session.timeout.ms", Map.of("consumer.session.timeout.ms", "50000")))
                .containsExactly(
                        ConfigSource.GROUP_CONFIG + " consumer.session.timeout.ms",
                        ConfigSource.DEFAULT_CONFIG + " group.consumer.session.timeout.ms");
    }

    private static List<String> synonyms(Resource resource, String name, Map<String, String> configs) {
        DescribeConfigsResourceResult entry = ResourceConfigEntries.of(resource, configs).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return entry.synonyms().stream()
                .map(synonym -> ConfigSource.forId(synonym.source()) + " " + synonym.name())
                .toList();
    }
}
