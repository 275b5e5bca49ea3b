package io.millrace.e2e.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What a test wants to be special about its cluster.
///
/// @param dataDirectory where the services keep their data
/// @param instances how many instances there are of the services that have more than one
/// @param settings passed as system properties: `millrace.wal-store.…` to wal-store alone and so on,
/// `millrace.listener.…` to those that have a listener, others to every service
public record ClusterOptions(
        String name, Path dataDirectory, Map<Service, Integer> instances, Map<String, String> settings) {

    public ClusterOptions {
        instances = Map.copyOf(instances);
        settings = Map.copyOf(settings);
    }

    public static ClusterOptions named(String name) {
        return new ClusterOptions(name, directory(name).resolve("data"), Map.of(), Map.of());
    }

    public ClusterOptions inDirectory(Path directory) {
        return new ClusterOptions(name, directory, instances, settings);
    }

    public ClusterOptions with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new ClusterOptions(name, dataDirectory, instances, more);
    }

    ClusterOptions withOnly(Map<String, String> others) {
        return new ClusterOptions(name, dataDirectory, instances, others);
    }

    public ClusterOptions withInstances(Service service, int count) {
        Map<Service, Integer> more = new HashMap<>(instances);
        more.put(service, count);
        return new ClusterOptions(name, dataDirectory, more, settings);
    }

    int instances(Service service) {
        return instances.getOrDefault(service, 1);
    }

    /// A service refuses to start with a setting of another one.
    Map<String, String> settingsOf(Service service) {
        Map<String, String> own = new HashMap<>(settings);
        for (Service other : Service.values()) {
            if (other != service) {
                own.keySet().removeIf(name -> name.startsWith("millrace." + other.id() + "."));
            }
        }
        if (!service.hasKafkaListener()) {
            own.keySet().removeIf(name -> name.startsWith("millrace.listener."));
        }
        return own;
    }

    Path logs() {
        return directory(name).resolve("logs");
    }

    private static Path directory(String name) {
        return Path.of("target", "clusters", name).toAbsolutePath();
    }
}
