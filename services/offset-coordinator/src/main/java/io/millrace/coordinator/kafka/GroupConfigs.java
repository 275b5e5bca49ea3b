package io.millrace.coordinator.kafka;

import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.coordinator.group.GroupConfigManager;

/// Tells Kafka's coordinator what single groups are configured to. The catalog refuses what is out of Kafka's bounds,
/// and
/// this service allows at least these; a value that is older than they are is taken for the nearest one inside.
///
/// Threads: confined to one.
/// Errors: a group whose configuration Kafka cannot read has the defaults, and nobody else notices.
/// Source: KIP-848, dynamic group configurations.
final class GroupConfigs {

    private final GroupConfigManager manager;
    private final CoordinatorEvents events;
    private Map<String, Map<String, String>> known = Map.of();

    GroupConfigs(GroupConfigManager manager, CoordinatorEvents events) {
        this.manager = manager;
        this.events = events;
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
                update(group, configs);
            }
        }
        known = now;
    }

    private void update(String group, Map<String, String> configs) {
        Properties properties = new Properties();
        // The catalog takes values with blanks around them, as Kafka does, and keeps them; Kafka's range check would
        // stumble over them.
        configs.forEach((name, value) -> properties.put(name, value.strip()));
        try {
            manager.updateGroupConfig(group, properties);
        } catch (IllegalArgumentException | KafkaException e) {
            manager.updateGroupConfig(group, new Properties());
            events.groupConfigUnreadable(group, e);
        }
    }
}
