package io.millrace.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One configuration that a topic or a [Resource] can have.
///
/// Threads: immutable. Source: Kafka 4.3, configurations.
///
/// @param validValues what is allowed, in words; empty if every value of the type is
/// @param documentation one sentence or two for the people who set it
public record ConfigDefinition(
        String name, Type type, String defaultValue, Rule rule, String validValues, String documentation) {

    /// As Kafka's DescribeConfigs names them.
    public enum Type {
        BOOLEAN,
        STRING,
        INT,
        LONG,
        DOUBLE,
        LIST
    }

    /// Decides on a value that has the right type already.
    sealed interface Rule {

        /// Any value of the type.
        record Any() implements Rule {}

        record Between(double least, double most) implements Rule {}

        /// -1 or a number in the range: Kafka's gzip level.
        record MinusOneOrBetween(double least, double most) implements Rule {}

        /// For a list, each of its elements.
        record OneOf(List<String> values) implements Rule {}

        /// '*' or pairs partition:broker.
        record Replicas() implements Rule {}
    }

    /// What is wrong with this value; empty if it is legal.
    public Optional<String> problem(String value) {
        String trimmed = value.strip();
        Optional<String> wrong = switch (type) {
            case BOOLEAN ->
                trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false")
                        ? Optional.empty()
                        : Optional.of("Expected value to be either true or false");
            case INT, LONG, DOUBLE -> numberProblem(trimmed);
            case STRING -> wordProblem(trimmed);
            case LIST ->
                elements(trimmed).stream()
                        .flatMap(word -> wordProblem(word).stream())
                        .findFirst();
        };
        return wrong.map(why -> "Invalid value " + value + " for configuration " + name + ": " + why);
    }

    /// The words of a list; none for the empty string.
    public static List<String> elements(String list) {
        return list.isBlank()
                ? List.of()
                : Arrays.stream(list.split(",")).map(String::strip).toList();
    }

    private Optional<String> numberProblem(String value) {
        double number;
        try {
            number = switch (type) {
                case INT -> Integer.parseInt(value);
                case LONG -> Long.parseLong(value);
                case DOUBLE -> Double.parseDouble(value);
                case BOOLEAN, STRING, LIST -> throw new IllegalStateException(name + " is no number");
            };
        } catch (NumberFormatException e) {
            return Optional.of("Not a number of type " + type);
        }
        return switch (rule) {
            case Rule.Between(double least, double most)
            when number < least -> Optional.of("Value must be at least " + shown(least));
            case Rule.Between(double least, double most)
            when number > most || Double.isNaN(number) -> Optional.of("Value must be no more than " + shown(most));
            case Rule.MinusOneOrBetween(double least, double most)
            when number != -1 && (number < least || number > most) ->
                Optional.of("Value must be between " + shown(least) + " and " + shown(most) + " or equal to -1");
            case Rule.Between _, Rule.MinusOneOrBetween _, Rule.Any _, Rule.OneOf _, Rule.Replicas _ ->
                Optional.empty();
        };
    }

    private Optional<String> wordProblem(String word) {
        return switch (rule) {
            case Rule.OneOf(List<String> values)
            when !values.contains(word) -> Optional.of("String must be one of: " + String.join(", ", values));
            case Rule.Replicas()
            when !word.equals("*") && !word.matches("\\d+:\\d+") ->
                Optional.of(name + " must be the literal '*' or a list of replicas in the following format: "
                        + "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
            case Rule.OneOf _, Rule.Replicas _, Rule.Any _, Rule.Between _, Rule.MinusOneOrBetween _ ->
                Optional.empty();
        };
    }

    private static String shown(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
