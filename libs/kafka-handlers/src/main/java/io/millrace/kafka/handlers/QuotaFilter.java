package io.millrace.kafka.handlers;

import io.millrace.model.QuotaEntity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;

/// Which client quotas are asked for.
///
/// Threads: immutable. Source: KIP-546; the messages are Kafka's.
sealed interface QuotaFilter {

    Set<String> TYPES = Set.of("user", "client-id", "ip");

    /// A filter that says nothing that could be looked for.
    record Malformed(Errors error, String message) implements QuotaFilter {}

    /// What an entity must have.
    ///
    /// @param exact names by type, an empty one for the default
    /// @param specified types for which any name will do
    /// @param isStrict whether an entity may have no other type
    record Components(Map<String, Optional<String>> exact, Set<String> specified, boolean isStrict)
            implements QuotaFilter {

        boolean matches(QuotaEntity entity) {
            boolean hasAll = exact.entrySet().stream()
                            .allMatch(each ->
                                    each.getValue().equals(entity.names().get(each.getKey())))
                    && entity.names().keySet().containsAll(specified);
            boolean hasOthers = entity.names().size() > exact.size() + specified.size();
            return hasAll && !(isStrict && hasOthers);
        }
    }

    static QuotaFilter of(DescribeClientQuotasRequestData asked) {
        Map<String, Optional<String>> exact = new HashMap<>();
        Set<String> specified = new HashSet<>();
        for (ComponentData component : asked.components()) {
            String type = component.entityType();
            if (exact.containsKey(type) || specified.contains(type)) {
                return invalid("Entity type " + type + " cannot appear more than once in the filter.");
            }
            if (!TYPES.contains(type)) {
                return type.isEmpty()
                        ? invalid("Invalid empty entity type.")
                        : new Malformed(Errors.UNSUPPORTED_VERSION, "Unsupported entity type " + type);
            }
            if ((component.matchType() == DescribeClientQuotasRequest.MATCH_TYPE_EXACT)
                    == (component.match() == null)) {
                return invalid("A name to match belongs to an exact match, and to no other.");
            }
            switch (component.matchType()) {
                case DescribeClientQuotasRequest.MATCH_TYPE_EXACT -> exact.put(type, Optional.of(component.match()));
                case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT -> exact.put(type, Optional.empty());
                case DescribeClientQuotasRequest.MATCH_TYPE_SPECIFIED -> specified.add(type);
                default -> {
                    return invalid("Unknown match type " + component.matchType());
                }
            }
        }
        boolean hasIp = exact.containsKey("ip") || specified.contains("ip");
        return hasIp && exact.size() + specified.size() > 1
                ? invalid("Invalid entity filter component combination. IP filter component should not be used with "
                        + "user or clientId filter component.")
                : new Components(exact, specified, asked.strict());
    }

    private static Malformed invalid(String message) {
        return new Malformed(Errors.INVALID_REQUEST, message);
    }
}
