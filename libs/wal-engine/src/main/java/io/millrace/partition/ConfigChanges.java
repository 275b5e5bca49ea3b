package io.millrace.partition;

import io.millrace.model.Command.ConfigChange;
import io.millrace.model.ConfigDefinition;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Works out what the configurations of a topic or a resource become.
///
/// Threads: one. Source: KIP-339.
final class ConfigChanges {

    private final Map<String, String> configs;
    private final Function<String, Optional<ConfigDefinition>> definitions;

    private ConfigChanges(Map<String, String> configs, Function<String, Optional<ConfigDefinition>> definitions) {
        this.configs = new HashMap<>(configs);
        this.definitions = definitions;
    }

    static ConfigChanges of(Topic topic) {
        return new ConfigChanges(topic.configs(), TopicConfigs::find);
    }

    static ConfigChanges of(Resource.Kind kind, Map<String, String> configs) {
        return new ConfigChanges(configs, name -> ResourceConfigs.find(kind, name));
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
        switch (change.operation()) {
            // A name that does not exist is found when the result is checked.
            case SET -> configs.put(change.name(), change.value());
            case DELETE -> configs.remove(change.name());
            case APPEND, SUBTRACT -> {
                Optional<ConfigDefinition> config = definitions.apply(change.name());
                if (config.isPresent()) {
                    return changeList(change, config.get());
                }
                configs.put(change.name(), change.value());
            }
        }
        return Optional.empty();
    }

    private Optional<String> changeList(ConfigChange change, ConfigDefinition config) {
        if (config.type() != ConfigDefinition.Type.LIST) {
            return Optional.of(
                    "Can't " + change.operation() + " to key " + change.name() + " because its type is not LIST.");
        }
        List<String> elements =
                new ArrayList<>(ConfigDefinition.elements(configs.getOrDefault(change.name(), config.defaultValue())));
        List<String> named = ConfigDefinition.elements(change.value());
        elements.removeAll(named);
        if (change.operation() == ConfigChange.Operation.APPEND) {
            elements.addAll(named);
        }
        configs.put(change.name(), String.join(",", elements));
        return Optional.empty();
    }
}
