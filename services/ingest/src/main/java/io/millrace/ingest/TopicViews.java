package io.millrace.ingest;

import io.millrace.model.ConfigDefinition;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Topics as JSON.
final class TopicViews {

    private TopicViews() {}

    /// A topic to be created; what is null gets the cluster's default.
    public record NewTopic(
            @Nullable String name,
            @Nullable Integer partitions,
            @Nullable Integer replicationFactor,
            @Nullable Map<String, @Nullable String> configs) {}

    /// What is to change about a topic; what is null or missing stays as it is.
    ///
    /// @param partitions how many there shall be, more than today
    public record TopicChange(
            @Nullable Integer partitions, @Nullable Map<String, @Nullable String> configs) {}

    /// All topics.
    public record TopicsView(List<TopicSummary> topics) {
        public TopicsView {
            topics = List.copyOf(topics);
        }
    }

    /// A topic without its offsets.
    ///
    /// @param configs what was set for this topic
    public record TopicSummary(String name, String id, int partitions, Map<String, String> configs) {

        static TopicSummary of(Topic topic) {
            return new TopicSummary(topic.name(), idOf(topic), topic.partitionCount(), topic.configs());
        }
    }

    /// A topic with all there is to say.
    public record TopicView(String name, String id, List<PartitionView> partitions, List<ConfigView> configs) {

        public TopicView {
            partitions = List.copyOf(partitions);
            configs = List.copyOf(configs);
        }

        static TopicView of(Topic topic, List<PartitionView> partitions) {
            List<ConfigView> configs = new ArrayList<>();
            for (ConfigDefinition config : TopicConfigs.all()) {
                configs.add(new ConfigView(
                        config.name(),
                        TopicConfigs.value(topic, config.name()),
                        !topic.configs().containsKey(config.name()),
                        config.documentation()));
            }
            return new TopicView(topic.name(), idOf(topic), partitions, configs);
        }
    }

    /// A partition.
    ///
    /// @param leader the node through which it is written; null while no ingest node lives
    public record PartitionView(int partition, @Nullable Integer leader, long logStartOffset, long highWatermark) {}

    /// A configuration of a topic.
    public record ConfigView(String name, String value, boolean isDefault, String documentation) {}

    private static String idOf(Topic topic) {
        return new UUID(topic.id().mostSignificantBits(), topic.id().leastSignificantBits()).toString();
    }
}
