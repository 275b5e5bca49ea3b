package io.millrace.model;

import java.util.Optional;

/// Which names a topic may have, as in Kafka.
///
/// Threads: stateless. Source: Kafka documentation, "Topic names"; metric names turn '.' into '_', hence collisions.
public final class TopicNames {

    public static final int LENGTH_MAX = 249;

    private TopicNames() {}

    /// What is wrong with this name, in words for the client's developer; empty if it is legal.
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return invalid("the empty string is not allowed");
        }
        if (name.equals(".") || name.equals("..")) {
            return invalid("'" + name + "' is not allowed");
        }
        if (name.length() > LENGTH_MAX) {
            return invalid("the length of '" + name + "' is longer than the max allowed length " + LENGTH_MAX);
        }
        if (!name.chars().allMatch(TopicNames::isLegal)) {
            return invalid(
                    "'" + name + "' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'");
        }
        return Optional.empty();
    }

    /// Two names collide when they differ only in '.' and '_'.
    public static boolean collide(String one, String other) {
        return !one.equals(other) && unified(one).equals(unified(other));
    }

    /// The form that all names which collide with each other share.
    public static String unified(String name) {
        return name.replace('.', '_');
    }

    private static Optional<String> invalid(String why) {
        return Optional.of("Topic name is invalid: " + why);
    }

    private static boolean isLegal(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == '-';
    }
}
