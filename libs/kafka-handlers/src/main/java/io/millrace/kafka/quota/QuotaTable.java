package io.millrace.kafka.quota;

import io.millrace.model.QuotaEntity;
import io.millrace.model.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The quotas of one catalog, by whom they are for.
///
/// Threads: immutable. Source: KIP-55, KIP-546 (which quota wins).
final class QuotaTable {

    private static final String USER = "user";
    private static final String CLIENT_ID = "client-id";
    private static final Optional<String> OTHERS = Optional.empty();

    private final Map<QuotaEntity, Map<String, String>> quotas = new HashMap<>();

    QuotaTable(Map<Resource, Map<String, String>> resources) {
        resources.forEach((resource, configs) -> {
            if (resource.kind() == Resource.Kind.CLIENT_QUOTA) {
                quotas.put(QuotaEntity.parse(resource.name()), configs);
            }
        });
    }

    boolean isEmpty() {
        return quotas.isEmpty();
    }

    /// What applies to a client.
    ///
    /// @param sharers all whom this name covers share the one quota
    record Limit(String sharers, double bytesPerSecond) {}

    /// The most special quota of this kind; empty if the client is free.
    Optional<Limit> find(String user, String clientId, String quota) {
        Optional<String> thisUser = Optional.of(user);
        Optional<String> thisClient = Optional.of(clientId);
        List<QuotaEntity> specialFirst = List.of(
                both(thisUser, thisClient),
                both(thisUser, OTHERS),
                one(USER, thisUser),
                both(OTHERS, thisClient),
                both(OTHERS, OTHERS),
                one(USER, OTHERS),
                one(CLIENT_ID, thisClient),
                one(CLIENT_ID, OTHERS));
        for (QuotaEntity entity : specialFirst) {
            String bytesPerSecond = quotas.getOrDefault(entity, Map.of()).get(quota);
            if (bytesPerSecond != null) {
                return Optional.of(new Limit(sharers(entity, user, clientId), Double.parseDouble(bytesPerSecond)));
            }
        }
        return Optional.empty();
    }

    /// A quota for others is one for each of them.
    private static String sharers(QuotaEntity entity, String user, String clientId) {
        Map<String, Optional<String>> names = new HashMap<>();
        entity.names().keySet().forEach(type -> names.put(type, Optional.of(type.equals(USER) ? user : clientId)));
        return new QuotaEntity(names).resourceName();
    }

    private static QuotaEntity both(Optional<String> user, Optional<String> clientId) {
        return new QuotaEntity(Map.of(USER, user, CLIENT_ID, clientId));
    }

    private static QuotaEntity one(String type, Optional<String> name) {
        return new QuotaEntity(Map.of(type, name));
    }
}
