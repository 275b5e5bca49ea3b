package io.millrace.runtime.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Something that happened once and that an operator may want to look up.
///
/// Threads: immutable.
///
/// @param name what happened, in lower case with dots, such as `topic.deleted`
/// @param facts what it happened to; never keys or values of records, and no credentials
public record ServiceEvent(Kind kind, String name, Map<String, String> facts) {

    /// Whom an event is for.
    public enum Kind {
        /// Started, stopped, recovered, degraded.
        LIFECYCLE,
        /// Somebody changed something that stays changed.
        AUDIT
    }

    public ServiceEvent {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }

    public static ServiceEvent lifecycle(String name, Map<String, String> facts) {
        return new ServiceEvent(Kind.LIFECYCLE, name, facts);
    }

    public static ServiceEvent audit(String name, Map<String, String> facts) {
        return new ServiceEvent(Kind.AUDIT, name, facts);
    }

    /// One line: constant message first, then `key=value`.
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(name).append(" kind=").append(kind);
        facts.forEach((key, value) -> line.append(' ').append(key).append('=').append(quoted(value)));
        return line.toString();
    }

    private static String quoted(String value) {
        boolean isPlain = value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c < 0x7f);
        return isPlain && !value.isEmpty() ? value : '"' + escaped(value) + '"';
    }

    // A name that somebody chose must not be able to forge a line of the log.
    private static String escaped(String value) {
        StringBuilder result = new StringBuilder();
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                result.append('\\').append((char) c);
            } else if (c < ' ' || c == 0x7f) {
                result.append(String.format("\\u%04x", c));
            } else {
                result.append((char) c);
            }
        });
        return result.toString();
    }
}
