package io.millrace.kafkatests;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.test.api.ClusterConfig;

/// What a test asks of Kafka's brokers, in Millrace's settings, as far as Millrace has them.
final class ServerProperties {
    private static final String GROUP = "millrace.offset-coordinator.group.";
    private static final int FIRST_CONTROLLER = 3_000;
    private static final String OFFSETS = "millrace.offset-coordinator.offsets.";

    /// Those that take the same value, or milliseconds.
    private static final List<Setting> SETTINGS = List.of(
            new Setting("group.min.session.timeout.ms", "ms", GROUP + "session-timeout-min"),
            new Setting("group.max.session.timeout.ms", "ms", GROUP + "session-timeout-max"),
            new Setting("group.initial.rebalance.delay.ms", "ms", GROUP + "initial-rebalance-delay"),
            new Setting("group.max.size", "", GROUP + "members-max"),
            new Setting("group.consumer.max.size", "", GROUP + "members-max"),
            new Setting("group.consumer.session.timeout.ms", "ms", GROUP + "consumer-session-timeout"),
            new Setting("group.consumer.heartbeat.interval.ms", "ms", GROUP + "consumer-heartbeat-interval"),
            new Setting("group.consumer.assignment.interval.ms", "ms", GROUP + "consumer-assignment-interval"),
            new Setting("group.consumer.migration.policy", "", GROUP + "migration-policy"),
            new Setting("offsets.retention.minutes", "m", OFFSETS + "retention"),
            new Setting("offsets.retention.check.interval.ms", "ms", OFFSETS + "retention-check-interval"),
            new Setting("offsets.commit.timeout.ms", "ms", OFFSETS + "commit-timeout"),
            new Setting("offset.metadata.max.bytes", "", OFFSETS + "metadata-size-max"),
            new Setting("auto.create.topics.enable", "", "millrace.ingest.create-topics-automatically"),
            new Setting("auto.create.topics.enable", "", "millrace.fetch.create-topics-automatically"),
            new Setting("auto.create.topics.enable", "", "millrace.offset-coordinator.catalog.automatic-topics"),
            new Setting("num.partitions", "", "millrace.wal-store.default-partition-count"),
            new Setting("producer.id.expiration.ms", "ms", "millrace.wal-store.producer-expiry"),
            new Setting("connections.max.idle.ms", "ms", "millrace.listener.idle-timeout"));

    private record Setting(String property, String unit, String name) {}

    private ServerProperties() {}

    static Map<String, String> translate(ClusterConfig config) {
        Map<String, String> properties = ofBrokers(config);
        Map<String, String> settings = new TreeMap<>();
        for (Setting setting : SETTINGS) {
            String value = properties.get(setting.property());
            if (value != null) {
                settings.put(setting.name(), value + setting.unit());
            }
        }
        // One copy is kept, whatever a topic asks for.
        settings.put("millrace.wal-store.accepted-replication-factor-max", "32767");
        return settings;
    }

    /// What a topic must be created with because Millrace has no default of it that could be set.
    static Map<String, String> topicConfigs(ClusterConfig config) {
        String messageBytesMax = ofBrokers(config).get("message.max.bytes");
        return messageBytesMax == null ? Map.of() : Map.of("max.message.bytes", messageBytesMax);
    }

    /// What one broker has, all have here.
    private static Map<String, String> ofBrokers(ClusterConfig config) {
        Map<String, String> properties = new TreeMap<>(config.serverProperties());
        config.perServerOverrideProperties().forEach((id, own) -> {
            if (id < FIRST_CONTROLLER) {
                properties.putAll(own);
            }
        });
        return properties;
    }
}
