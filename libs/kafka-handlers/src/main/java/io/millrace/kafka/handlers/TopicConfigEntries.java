package io.millrace.kafka.handlers;

import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import java.util.List;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/// A topic's configurations as DescribeConfigs and CreateTopics show them: all there are, set or by default.
public final class TopicConfigEntries {

    private TopicConfigEntries() {}

    public static List<DescribeConfigsResourceResult> of(Topic topic) {
        return TopicConfigs.all().stream()
                .map(definition -> ConfigEntries.of(definition, topic.configs(), ConfigSource.TOPIC_CONFIG))
                .toList();
    }
}
