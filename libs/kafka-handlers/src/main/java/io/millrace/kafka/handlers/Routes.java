package io.millrace.kafka.handlers;

import static io.millrace.kafka.handlers.Treatment.FORWARD;
import static io.millrace.kafka.handlers.Treatment.LOCAL;
import static io.millrace.kafka.handlers.Treatment.NOTHING_OF_ITS_OWN;
import static io.millrace.kafka.handlers.Treatment.NOT_COORDINATOR;
import static io.millrace.kafka.handlers.Treatment.NOT_LEADER;

import io.millrace.api.ServiceKind;
import io.millrace.kafka.listener.ApiRouter;
import io.millrace.kafka.listener.Forwarder;
import io.millrace.kafka.listener.ListenerEvents;
import io.millrace.kafka.listener.RequestHandler;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.ApiKeys;

/// The one table of who answers what; `docs/kafka-coverage.md` is written from it.
///
/// Every listener advertises the same APIs, so that a client may bootstrap from any of them.
///
/// Threads: immutable.
public final class Routes {

    /// The rebalance protocols of KIP-848 and KIP-1071; a client uses one only if the cluster says that it is
    /// finalized.
    private static final Map<String, Short> FEATURES = Map.of("group.version", (short) 1, "streams.version", (short) 1);

    private static final List<Row> TABLE = List.of(
            everywhere(ApiKeys.API_VERSIONS),
            everywhere(ApiKeys.METADATA),
            everywhere(ApiKeys.DESCRIBE_CLUSTER),
            everywhere(ApiKeys.FIND_COORDINATOR),
            everywhere(ApiKeys.INIT_PRODUCER_ID),
            everywhere(ApiKeys.DESCRIBE_TOPIC_PARTITIONS),
            everywhere(ApiKeys.DESCRIBE_CONFIGS),
            everywhere(ApiKeys.LIST_CONFIG_RESOURCES),
            everywhere(ApiKeys.DESCRIBE_CLIENT_QUOTAS),
            everywhere(ApiKeys.ELECT_LEADERS),
            everywhere(ApiKeys.ALTER_PARTITION_REASSIGNMENTS),
            everywhere(ApiKeys.LIST_PARTITION_REASSIGNMENTS),
            everywhere(ApiKeys.UPDATE_FEATURES),
            everywhere(ApiKeys.DESCRIBE_QUORUM),
            everywhere(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS),
            everywhere(ApiKeys.PUSH_TELEMETRY),
            everywhere(ApiKeys.DESCRIBE_ACLS),
            everywhere(ApiKeys.CREATE_ACLS),
            everywhere(ApiKeys.DELETE_ACLS),
            everywhere(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS),
            everywhere(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS),
            new Row(ApiKeys.PRODUCE, LOCAL, NOT_LEADER, NOT_LEADER),
            new Row(ApiKeys.FETCH, LOCAL, LOCAL, NOT_LEADER),
            new Row(ApiKeys.LIST_OFFSETS, LOCAL, NOT_LEADER, NOT_LEADER),
            new Row(ApiKeys.OFFSET_FOR_LEADER_EPOCH, LOCAL, NOT_LEADER, NOT_LEADER),
            new Row(ApiKeys.DELETE_RECORDS, LOCAL, NOT_LEADER, NOT_LEADER),
            new Row(ApiKeys.DESCRIBE_PRODUCERS, LOCAL, NOT_LEADER, NOT_LEADER),
            new Row(ApiKeys.DESCRIBE_LOG_DIRS, LOCAL, NOTHING_OF_ITS_OWN, NOTHING_OF_ITS_OWN),
            new Row(ApiKeys.ALTER_REPLICA_LOG_DIRS, LOCAL, NOTHING_OF_ITS_OWN, NOTHING_OF_ITS_OWN),
            new Row(ApiKeys.CREATE_TOPICS, LOCAL, FORWARD, FORWARD),
            new Row(ApiKeys.DELETE_TOPICS, LOCAL, FORWARD, FORWARD),
            new Row(ApiKeys.CREATE_PARTITIONS, LOCAL, FORWARD, FORWARD),
            new Row(ApiKeys.INCREMENTAL_ALTER_CONFIGS, LOCAL, FORWARD, FORWARD),
            new Row(ApiKeys.ALTER_CONFIGS, LOCAL, FORWARD, FORWARD),
            new Row(ApiKeys.ALTER_CLIENT_QUOTAS, LOCAL, FORWARD, FORWARD),
            new Row(ApiKeys.LIST_GROUPS, NOTHING_OF_ITS_OWN, NOTHING_OF_ITS_OWN, LOCAL),
            coordinatorOnly(ApiKeys.JOIN_GROUP),
            coordinatorOnly(ApiKeys.SYNC_GROUP),
            coordinatorOnly(ApiKeys.HEARTBEAT),
            coordinatorOnly(ApiKeys.LEAVE_GROUP),
            coordinatorOnly(ApiKeys.OFFSET_COMMIT),
            coordinatorOnly(ApiKeys.OFFSET_FETCH),
            coordinatorOnly(ApiKeys.OFFSET_DELETE),
            coordinatorOnly(ApiKeys.DESCRIBE_GROUPS),
            coordinatorOnly(ApiKeys.DELETE_GROUPS),
            coordinatorOnly(ApiKeys.CONSUMER_GROUP_HEARTBEAT),
            coordinatorOnly(ApiKeys.CONSUMER_GROUP_DESCRIBE),
            coordinatorOnly(ApiKeys.STREAMS_GROUP_HEARTBEAT),
            coordinatorOnly(ApiKeys.STREAMS_GROUP_DESCRIBE));

    private Routes() {}

    /// Joins a service's handlers with the table.
    ///
    /// @param own the service's own handlers: exactly the APIs that the table says it answers, without those of
    /// [ClusterApis]
    /// @throws IllegalArgumentException if a handler is missing, or is there for what the service does not answer
    public static ApiRouter router(
            ServiceKind kind,
            ClusterApis cluster,
            Map<ApiKeys, RequestHandler> own,
            Forwarder toIngest,
            ListenerEvents events) {
        Map<ApiKeys, RequestHandler> handlers = new EnumMap<>(ApiKeys.class);
        handlers.putAll(cluster.handlers());
        handlers.putAll(own);
        check(kind, handlers.keySet());
        ApiRouter.Builder builder = ApiRouter.builder(events).features(FEATURES);
        for (Row row : TABLE) {
            RequestHandler handler = handlers.get(row.api());
            switch (row.in(kind)) {
                case LOCAL -> {
                    // ApiVersions has no handler of ours: the router answers it from the routes.
                    if (handler != null) {
                        builder.local(row.api(), handler);
                    }
                }
                case FORWARD -> builder.forward(row.api(), toIngest);
                case NOTHING_OF_ITS_OWN -> builder.local(row.api(), RefusedRequests.emptyShare(row.api()));
                case NOT_LEADER -> builder.refuse(row.api(), RefusedRequests.notLeader());
                case NOT_COORDINATOR -> builder.refuse(row.api(), RefusedRequests.notCoordinator());
            }
        }
        return builder.build();
    }

    /// The APIs that a service must bring handlers for.
    public static Set<ApiKeys> ownApis(ServiceKind kind, ClusterApis cluster) {
        Set<ApiKeys> apis = new TreeSet<>();
        for (Row row : TABLE) {
            boolean isOfTheRouter = row.api() == ApiKeys.API_VERSIONS;
            if (row.in(kind) == LOCAL && !isOfTheRouter && !cluster.handlers().containsKey(row.api())) {
                apis.add(row.api());
            }
        }
        return apis;
    }

    static List<Row> table() {
        return TABLE;
    }

    private static void check(ServiceKind kind, Set<ApiKeys> present) {
        Set<ApiKeys> wanted = new TreeSet<>();
        for (Row row : TABLE) {
            if (row.in(kind) == LOCAL && row.api() != ApiKeys.API_VERSIONS) {
                wanted.add(row.api());
            }
        }
        if (!wanted.equals(present)) {
            throw new IllegalArgumentException(
                    kind.label() + " answers " + wanted + ", but has handlers for " + new TreeSet<>(present));
        }
    }

    /// The finalized features, each with its one level.
    static Map<String, Short> features() {
        return FEATURES;
    }

    private static Row everywhere(ApiKeys api) {
        return new Row(api, LOCAL, LOCAL, LOCAL);
    }

    private static Row coordinatorOnly(ApiKeys api) {
        return new Row(api, NOT_COORDINATOR, NOT_COORDINATOR, LOCAL);
    }

    /// One API, and what each service does with it.
    record Row(ApiKeys api, Treatment ingest, Treatment fetch, Treatment offsetCoordinator) {

        Treatment in(ServiceKind kind) {
            return switch (kind) {
                case INGEST -> ingest;
                case FETCH -> fetch;
                case OFFSET_COORDINATOR -> offsetCoordinator;
                case WAL_STORE -> throw new IllegalArgumentException("wal-store is no Kafka node");
            };
        }
    }
}
