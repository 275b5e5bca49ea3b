package io.millrace.kafka.handlers;

import io.millrace.model.Topic;
import io.millrace.model.TopicConfig;
import io.millrace.model.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/// A topic's configurations as DescribeConfigs and CreateTopics show them: all there are, set or by default.
public final class TopicConfigEntries {

    private TopicConfigEntries() {}

    public static List<DescribeConfigsResourceResult> of(Topic topic) {
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        for (TopicConfig config : TopicConfigs.all()) {
            entries.add(entry(topic, config));
        }
        return entries;
    }

    private static DescribeConfigsResourceResult entry(Topic topic, TopicConfig config) {
        boolean isSet = topic.configs().containsKey(config.name());
        DescribeConfigsResourceResult entry = new DescribeConfigsResourceResult()
                .setName(config.name())
                .setValue(TopicConfigs.value(topic, config.name()))
                .setConfigSource((isSet ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG).id())
                .setConfigType(type(config.type()).id())
                .setDocumentation(config.documentation());
        if (isSet) {
            entry.synonyms().add(synonym(config.name(), entry.value(), ConfigSource.TOPIC_CONFIG));
        }
        entry.synonyms().add(synonym(config.name(), config.defaultValue(), ConfigSource.DEFAULT_CONFIG));
        return entry;
    }

    private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
    }

    private static ConfigType type(TopicConfig.Type type) {
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
