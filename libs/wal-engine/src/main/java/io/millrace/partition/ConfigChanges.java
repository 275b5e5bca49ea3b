package io.millrace.partition;

import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfig;
import io.millrace.model.TopicConfigs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Works out what a topic's configurations become.
///
/// Threads: one. Source: KIP-339.
final class ConfigChanges {

    private final Map<String, String> configs;

    ConfigChanges(Topic topic) {
        this.configs = new HashMap<>(topic.configs());
    }

    Map<String, String> configs() {
        return configs;
    }

    /// What is wrong with these changes; empty if they were applied.
    Optional<String> apply(List<ConfigChange> changes) {
        Set<String> names = new HashSet<>();
        for (ConfigChange change : changes) {
            if (!names.add(change.name())) {
                return Optional.of("Error due to duplicate config keys: " + change.name());
            }
            Optional<String> problem = apply(change);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> apply(ConfigChange change) {
        Optional<TopicConfig> config = TopicConfigs.find(change.name());
        if (config.isEmpty()) {
            return Optional.of("Unknown topic config name: " + change.name());
        }
        return switch (change.operation()) {
            case SET -> {
                configs.put(change.name(), change.value());
                yield Optional.empty();
            }
            case DELETE -> {
                configs.remove(change.name());
                yield Optional.empty();
            }
            case APPEND, SUBTRACT -> changeList(change, config.get());
        };
    }

    private Optional<String> changeList(ConfigChange change, TopicConfig config) {
        if (config.type() != TopicConfig.Type.LIST) {
            return Optional.of(
                    "Can't " + change.operation() + " to key " + change.name() + " because its type is not LIST.");
        }
        List<String> elements =
                new ArrayList<>(TopicConfig.elements(configs.getOrDefault(change.name(), config.defaultValue())));
        List<String> named = TopicConfig.elements(change.value());
        elements.removeAll(named);
        if (change.operation() == ConfigChange.Operation.APPEND) {
            elements.addAll(named);
        }
        configs.put(change.name(), String.join(",", elements));
        return Optional.empty();
    }
}
