package io.millrace.walstore.inspect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// One line of output: a kind and named values, as text for people or as a JSON object for programs.
///
/// Threads: one.
final class Line {

    private final String kind;
    private final Map<String, Object> values = new LinkedHashMap<>();

    Line(String kind) {
        this.kind = kind;
    }

    Line with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    String text() {
        return kind
                + values.entrySet().stream()
                        .map(value -> " " + value.getKey() + "=" + quotedIfNeeded(value.getValue()))
                        .collect(Collectors.joining());
    }

    private static String quotedIfNeeded(Object value) {
        String text = value.toString();
        return text.isEmpty() || text.chars().anyMatch(each -> each <= ' ' || each == '"') ? quoted(text) : text;
    }

    String json() {
        return "{\"kind\":" + quoted(kind)
                + values.entrySet().stream()
                        .map(value -> "," + quoted(value.getKey()) + ":" + jsonOf(value.getValue()))
                        .collect(Collectors.joining())
                + "}";
    }

    private static String jsonOf(Object value) {
        return switch (value) {
            case Number number -> number.toString();
            case Boolean claim -> claim.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(each -> {
            if (each == '"' || each == '\\') {
                quoted.append('\\').append((char) each);
            } else if (each < ' ') {
                quoted.append(String.format("\\u%04x", each));
            } else {
                quoted.append((char) each);
            }
        });
        return quoted.append('"').toString();
    }
}
