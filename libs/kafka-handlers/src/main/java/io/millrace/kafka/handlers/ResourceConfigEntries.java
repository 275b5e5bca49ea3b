package io.millrace.kafka.handlers;

import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/// The configurations of a group or a client metrics subscription as DescribeConfigs shows them.
final class ResourceConfigEntries {

    private ResourceConfigEntries() {}

    /// All that there are for the kind, set or by default.
    static List<DescribeConfigsResourceResult> of(Resource resource, Map<String, String> configs) {
        ConfigSource source = switch (resource.kind()) {
            case GROUP -> ConfigSource.GROUP_CONFIG;
            case CLIENT_METRICS -> ConfigSource.CLIENT_METRICS_CONFIG;
            case CLIENT_QUOTA -> throw new IllegalArgumentException("quotas have requests of their own");
        };
        return ResourceConfigs.all(resource.kind()).stream()
                .map(definition -> ConfigEntries.of(definition, configs, source))
                .toList();
    }
}
