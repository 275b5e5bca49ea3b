package io.millrace.kafka.handlers;

import io.millrace.model.ConfigDefinition;
import java.util.Map;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/// One configuration as DescribeConfigs shows it.
final class ConfigEntries {

    private ConfigEntries() {}

    /// The value that was set, or the default.
    ///
    /// @param configs what was set
    /// @param source where that was done
    static DescribeConfigsResourceResult of(
            ConfigDefinition definition, Map<String, String> configs, ConfigSource source) {
        String name = definition.name();
        boolean isSet = configs.containsKey(name);
        String value = configs.getOrDefault(name, definition.defaultValue()).strip();
        DescribeConfigsResourceResult entry = new DescribeConfigsResourceResult()
                .setName(name)
                .setValue(value)
                .setConfigSource((isSet ? source : ConfigSource.DEFAULT_CONFIG).id())
                .setConfigType(type(definition.type()).id())
                .setDocumentation(definition.documentation());
        if (isSet) {
            entry.synonyms().add(synonym(name, value, source));
        }
        // As in Kafka, where a broker has no configuration that a client metrics subscription would fall back to.
        if (source != ConfigSource.CLIENT_METRICS_CONFIG) {
            entry.synonyms()
                    .add(synonym(nameOfDefault(name, source), definition.defaultValue(), ConfigSource.DEFAULT_CONFIG));
        }
        return entry;
    }

    /// A group falls back to what Kafka's brokers call the same with a prefix.
    private static String nameOfDefault(String name, ConfigSource source) {
        return source == ConfigSource.GROUP_CONFIG ? "group." + name : name;
    }

    private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
    }

    private static ConfigType type(ConfigDefinition.Type type) {
        return switch (type) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
        };
    }
}
