package io.millrace.model;

import io.millrace.model.ConfigDefinition.Rule;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Every configuration that a [Resource] can have, with its default and its legal values.
///
/// What Kafka has beyond these is about things that Millrace does not do, and is refused.
///
/// Threads: immutable. Source: Kafka 4.3, group and client metrics configurations, client quotas.
public final class ResourceConfigs {

    public static final String METRICS = "metrics";
    public static final String INTERVAL = "interval.ms";
    public static final String MATCH = "match";

    public static final String PRODUCER_BYTE_RATE = "producer_byte_rate";
    public static final String CONSUMER_BYTE_RATE = "consumer_byte_rate";

    private static final Map<Resource.Kind, Map<String, ConfigDefinition>> ALL = new EnumMap<>(Resource.Kind.class);

    static {
        for (Resource.Kind kind : Resource.Kind.values()) {
            ALL.put(kind, new LinkedHashMap<>());
        }
        GroupConfigs.ALL.forEach(definition -> add(Resource.Kind.GROUP, definition));
        add(
                Resource.Kind.CLIENT_METRICS,
                new ConfigDefinition(METRICS, ConfigDefinition.Type.LIST, "", new Rule.Any(), "", """
                Prefixes of the names of the metrics that are asked for; "*" for all."""));
        add(
                Resource.Kind.CLIENT_METRICS,
                new ConfigDefinition(
                        INTERVAL,
                        ConfigDefinition.Type.INT,
                        "300000",
                        new Rule.Between(100, 3_600_000),
                        "[100,...,3600000]",
                        "How often clients send their metrics."));
        add(
                Resource.Kind.CLIENT_METRICS,
                new ConfigDefinition(MATCH, ConfigDefinition.Type.LIST, "", new Rule.Any(), "", """
                Which clients are asked: pairs name=regular expression; an empty list for all."""));
        quota(PRODUCER_BYTE_RATE, "Bytes a second that a client may produce at one instance.");
        quota(CONSUMER_BYTE_RATE, "Bytes a second that a client may fetch from one instance.");
    }

    private ResourceConfigs() {}

    /// Those of one kind.
    public static Collection<ConfigDefinition> all(Resource.Kind kind) {
        return Collections.unmodifiableCollection(of(kind).values());
    }

    public static Optional<ConfigDefinition> find(Resource.Kind kind, String name) {
        return Optional.ofNullable(of(kind).get(name));
    }

    /// What is wrong with these configurations of one resource, one by one and together; empty if nothing is.
    public static Optional<String> problem(Resource.Kind kind, Map<String, String> configs) {
        for (Map.Entry<String, String> config : configs.entrySet()) {
            Optional<String> problem = find(kind, config.getKey())
                    .map(definition -> definition.problem(config.getValue()))
                    .orElseGet(() -> Optional.of(unknown(kind, config.getKey())));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return switch (kind) {
            case GROUP -> GroupConfigs.problem(configs);
            case CLIENT_METRICS -> ClientMatch.problem(configs.getOrDefault(MATCH, ""));
            case CLIENT_QUOTA -> Optional.empty();
        };
    }

    /// What is said of a name that is none of the kind's.
    public static String unknown(Resource.Kind kind, String name) {
        return switch (kind) {
            case GROUP -> "Unknown group config name: " + name;
            case CLIENT_METRICS -> "Unknown client metrics configuration: " + name;
            case CLIENT_QUOTA -> "Invalid configuration key " + name;
        };
    }

    private static Map<String, ConfigDefinition> of(Resource.Kind kind) {
        return Objects.requireNonNull(ALL.get(kind));
    }

    private static void quota(String name, String documentation) {
        Rule rule = new Rule.Between(1, Long.MAX_VALUE);
        add(
                Resource.Kind.CLIENT_QUOTA,
                new ConfigDefinition(name, ConfigDefinition.Type.DOUBLE, "", rule, "[1,...]", documentation));
    }

    private static void add(Resource.Kind kind, ConfigDefinition definition) {
        of(kind).put(definition.name(), definition);
    }
}
