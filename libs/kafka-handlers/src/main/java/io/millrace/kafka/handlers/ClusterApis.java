package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// The requests that every Millrace node answers itself, because all of them know the catalog and each other.
///
/// Threads: the handlers run on event loops and never block.
public final class ClusterApis {

    private final Map<ApiKeys, RequestHandler> handlers;

    public ClusterApis(ClusterContext context) {
        AutomaticTopics automaticTopics = new AutomaticTopics(context.directory(), context.store());
        ProducerIds producerIds =
                new ProducerIds(context.store(), context.settings().producerIdBlockSize());
        ReassignmentHandlers reassignments = new ReassignmentHandlers(context);
        handlers = new EnumMap<>(SecurityDisabled.handlers());
        handlers.put(ApiKeys.METADATA, new MetadataHandler(context, automaticTopics));
        handlers.put(ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterHandler(context));
        handlers.put(ApiKeys.FIND_COORDINATOR, new FindCoordinatorHandler(context));
        handlers.put(ApiKeys.INIT_PRODUCER_ID, new InitProducerIdHandler(producerIds));
        handlers.put(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsHandler(context));
        handlers.put(ApiKeys.DESCRIBE_CONFIGS, new DescribeConfigsHandler(context));
        handlers.put(ApiKeys.LIST_CONFIG_RESOURCES, new ListConfigResourcesHandler(context));
        handlers.put(ApiKeys.DESCRIBE_CLIENT_QUOTAS, new DescribeClientQuotasHandler(context));
        handlers.put(ApiKeys.ELECT_LEADERS, new ElectLeadersHandler(context));
        handlers.put(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, reassignments::alter);
        handlers.put(ApiKeys.LIST_PARTITION_REASSIGNMENTS, reassignments::list);
        handlers.put(ApiKeys.UPDATE_FEATURES, new UpdateFeaturesHandler(Routes.features()));
        handlers.put(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, context.telemetry()::subscriptions);
        handlers.put(ApiKeys.PUSH_TELEMETRY, context.telemetry()::push);
        handlers.put(ApiKeys.DESCRIBE_QUORUM, new DescribeQuorumHandler(context));
    }

    Map<ApiKeys, RequestHandler> handlers() {
        return handlers;
    }
}
