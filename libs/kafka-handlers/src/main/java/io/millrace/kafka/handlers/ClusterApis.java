package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
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
        handlers = Map.of(
                ApiKeys.METADATA, new MetadataHandler(context, automaticTopics),
                ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterHandler(context),
                ApiKeys.FIND_COORDINATOR, new FindCoordinatorHandler(context),
                ApiKeys.INIT_PRODUCER_ID, new InitProducerIdHandler(producerIds),
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsHandler(context),
                ApiKeys.DESCRIBE_CONFIGS, new DescribeConfigsHandler(context));
    }

    Map<ApiKeys, RequestHandler> handlers() {
        return handlers;
    }
}
