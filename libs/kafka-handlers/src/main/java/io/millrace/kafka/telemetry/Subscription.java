package io.millrace.kafka.telemetry;

import io.millrace.model.Catalog;
import io.millrace.model.ClientMatch;
import io.millrace.model.ConfigDefinition;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/// What one client is asked to send: the union of the client metrics subscriptions that match it.
///
/// Threads: immutable. Source: KIP-714.
///
/// @param metrics prefixes of names, or `*` alone
/// @param intervalMillis the shortest of the intervals
record Subscription(SortedSet<String> metrics, int intervalMillis) {

    private static final String ALL = "*";
    private static final String INTERVAL_DEFAULT = ResourceConfigs.find(
                    Resource.Kind.CLIENT_METRICS, ResourceConfigs.INTERVAL)
            .map(ConfigDefinition::defaultValue)
            .orElseThrow();

    static Subscription of(Catalog catalog, Map<String, String> client) {
        SortedSet<String> metrics = new TreeSet<>();
        int intervalMillis = Integer.parseInt(INTERVAL_DEFAULT);
        for (Map.Entry<Resource, Map<String, String>> each : catalog.resources().entrySet()) {
            Map<String, String> configs = each.getValue();
            if (each.getKey().kind() == Resource.Kind.CLIENT_METRICS
                    && ClientMatch.parse(configs.getOrDefault(ResourceConfigs.MATCH, ""))
                            .matches(client)) {
                metrics.addAll(ConfigDefinition.elements(configs.getOrDefault(ResourceConfigs.METRICS, "")));
                String interval = configs.getOrDefault(ResourceConfigs.INTERVAL, INTERVAL_DEFAULT);
                intervalMillis = Math.min(intervalMillis, Integer.parseInt(interval.strip()));
            }
        }
        return new Subscription(metrics.contains(ALL) ? new TreeSet<>(List.of(ALL)) : metrics, intervalMillis);
    }

    /// Tells the client's subscription from earlier ones.
    int id(Uuid clientInstanceId) {
        return metrics.hashCode() * 31 + intervalMillis ^ clientInstanceId.hashCode();
    }
}
