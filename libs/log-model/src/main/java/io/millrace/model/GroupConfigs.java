package io.millrace.model;

import io.millrace.model.ConfigDefinition.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The configurations of single groups.
///
/// What a group may choose lies within the bounds that Kafka's brokers have by default, so that a session is always
/// longer than the time between two heartbeats.
///
/// Threads: immutable. Source: KIP-848, KIP-1071, Kafka 4.3, group configurations.
final class GroupConfigs {

    static final List<ConfigDefinition> ALL;

    private static final Map<String, Range> RANGES;

    static {
        List<Range> ranges = Stream.concat(
                        Stream.of("consumer", "streams").flatMap(GroupConfigs::times), Stream.of(standbyReplicas()))
                .toList();
        RANGES = ranges.stream().collect(Collectors.toMap(range -> range.definition.name(), Function.identity()));
        ALL = Stream.concat(ranges.stream().map(Range::definition), Stream.of(initialDelay()))
                .toList();
    }

    private GroupConfigs() {}

    /// A number between bounds that have names in Kafka.
    private record Range(ConfigDefinition definition, Bound least, Bound most) {

        static Range of(String name, int defaultValue, Bound least, Bound most, String documentation) {
            String form = "[" + least.value + ",...," + most.value + "]";
            Rule rule = new Rule.Between(0, Integer.MAX_VALUE);
            return new Range(
                    new ConfigDefinition(
                            name, ConfigDefinition.Type.INT, Integer.toString(defaultValue), rule, form, documentation),
                    least,
                    most);
        }

        Optional<String> problem(String value) {
            int number = Integer.parseInt(value.strip());
            if (number < least.value) {
                return Optional.of(definition.name() + " must be greater than or equal to " + least.name);
            }
            return number > most.value
                    ? Optional.of(definition.name() + " must be less than or equal to " + most.name)
                    : Optional.empty();
        }
    }

    /// @param name the configuration of Kafka's brokers that says it
    private record Bound(String name, int value) {}

    /// What is wrong with these configurations, each of which is a legal value of its type; empty if nothing is.
    static Optional<String> problem(Map<String, String> configs) {
        return configs.entrySet().stream()
                .flatMap(
                        config -> Optional.ofNullable(RANGES.get(config.getKey()))
                                .flatMap(range -> range.problem(config.getValue()))
                                .stream())
                .findFirst();
    }

    private static Stream<Range> times(String protocol) {
        return Stream.of(
                time(protocol, "session.timeout.ms", List.of(45_000, 45_000, 60_000), """
                        After this time without a heartbeat a member is taken for dead."""),
                time(protocol, "heartbeat.interval.ms", List.of(5_000, 5_000, 15_000), """
                        The time between two heartbeats of a member."""),
                time(protocol, "assignment.interval.ms", List.of(1_000, 0, 15_000), """
                        The least time between two changes of the assignment."""));
    }

    private static Range time(String protocol, String name, List<Integer> values, String documentation) {
        return Range.of(
                protocol + "." + name,
                values.get(0),
                new Bound("group." + protocol + ".min." + name, values.get(1)),
                new Bound("group." + protocol + ".max." + name, values.get(2)),
                documentation);
    }

    private static Range standbyReplicas() {
        return Range.of(
                "streams.num.standby.replicas",
                0,
                new Bound("0", 0),
                new Bound("group.streams.max.standby.replicas", 2),
                "How many standby replicas each task has.");
    }

    private static ConfigDefinition initialDelay() {
        return new ConfigDefinition(
                "streams.initial.rebalance.delay.ms",
                ConfigDefinition.Type.INT,
                "3000",
                new Rule.Between(0, Integer.MAX_VALUE),
                "[0,...]",
                "How long a new group waits for more members.");
    }
}
