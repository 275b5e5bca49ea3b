package io.millrace.coordinator.kafka;

import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.coordinator.group.GroupConfigManager;

/// Tells Kafka's coordinator what single groups are configured to; a value outside of what this service allows is taken
/// for the nearest one that it does.
///
/// Threads: confined to one. Source: KIP-848, dynamic group configurations.
final class GroupConfigs {

    private final GroupConfigManager manager;
    private Map<String, Map<String, String>> known = Map.of();

    GroupConfigs(GroupConfigManager manager) {
        this.manager = manager;
    }

    void show(Catalog catalog) {
        Map<String, Map<String, String>> now = new HashMap<>();
        catalog.resources().forEach((resource, configs) -> {
            if (resource.kind() == Resource.Kind.GROUP) {
                now.put(resource.name(), configs);
            }
        });
        Set<String> groups = new HashSet<>(now.keySet());
        groups.addAll(known.keySet());
        for (String group : groups) {
            Map<String, String> configs = now.getOrDefault(group, Map.of());
            if (!configs.equals(known.getOrDefault(group, Map.of()))) {
                Properties properties = new Properties();
                properties.putAll(configs);
                manager.updateGroupConfig(group, properties);
            }
        }
        known = now;
    }
}
