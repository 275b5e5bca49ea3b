package io.millrace.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which clients a client metrics subscription is for: for each attribute that it names, a regular expression.
///
/// Threads: immutable. Source: KIP-714, "Client matching".
public final class ClientMatch {

    public static final String INSTANCE_ID = "client_instance_id";
    public static final String CLIENT_ID = "client_id";
    public static final String SOFTWARE_NAME = "client_software_name";
    public static final String SOFTWARE_VERSION = "client_software_version";
    public static final String SOURCE_ADDRESS = "client_source_address";
    public static final String SOURCE_PORT = "client_source_port";

    private static final Set<String> ATTRIBUTES =
            Set.of(INSTANCE_ID, CLIENT_ID, SOFTWARE_NAME, SOFTWARE_VERSION, SOURCE_ADDRESS, SOURCE_PORT);

    private final Map<String, Pattern> patterns;

    private ClientMatch(Map<String, Pattern> patterns) {
        this.patterns = Map.copyOf(patterns);
    }

    /// Reads pairs attribute=expression; none are for every client.
    ///
    /// @throws IllegalArgumentException if the list has a [#problem]
    public static ClientMatch parse(String list) {
        Map<String, Pattern> patterns = new HashMap<>();
        for (String pair : ConfigDefinition.elements(list)) {
            int equals = pair.indexOf('=');
            String attribute = pair.substring(0, Math.max(0, equals)).strip();
            String expression = pair.substring(equals + 1).strip();
            if (!ATTRIBUTES.contains(attribute) || expression.isEmpty() || expression.contains("=")) {
                throw new IllegalArgumentException("Illegal client matching pattern: " + pair);
            }
            try {
                patterns.put(attribute, Pattern.compile(expression));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("Illegal client matching pattern: " + pair, e);
            }
        }
        return new ClientMatch(patterns);
    }

    static Optional<String> problem(String list) {
        try {
            parse(list);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Whether it is for the client with these attributes; one that is missing matches nothing.
    public boolean matches(Map<String, String> client) {
        return patterns.entrySet().stream().allMatch(each -> {
            String value = client.get(each.getKey());
            return value != null && each.getValue().matcher(value).matches();
        });
    }
}
