package io.millrace.ingest.kafka;

import io.millrace.api.ServiceKind;
import io.millrace.kafka.fetch.FetchHandler;
import io.millrace.kafka.handlers.ClusterApis;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.Routes;
import io.millrace.kafka.listener.ApiRouter;
import io.millrace.kafka.listener.Forwarder;
import io.millrace.kafka.listener.ListenerEvents;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.quota.ClientQuotas;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.ApiKeys;

/// Joins ingest's handlers into its router.
public final class IngestRouter {

    private IngestRouter() {}

    /// The handlers that take records in and give them out.
    public record DataPath(ProduceHandler produce, FetchHandler fetch, ClientQuotas quotas) {}

    /// What topics are asked for.
    public record TopicPath(TopicApis.Store store, Executor decompression) {}

    /// The router of an ingest node.
    ///
    /// @param forwarder never used by ingest itself, which answers what the others forward
    public static ApiRouter of(
            ClusterContext context, DataPath data, TopicPath topics, Forwarder forwarder, ListenerEvents events) {
        Map<ApiKeys, RequestHandler> own = new EnumMap<>(ApiKeys.class);
        own.putAll(TopicApis.handlers(context, topics.store(), topics.decompression()));
        own.put(ApiKeys.PRODUCE, data.quotas().ofProduce(data.produce()));
        own.put(ApiKeys.FETCH, data.quotas().ofFetch(data.fetch()));
        return Routes.router(ServiceKind.INGEST, new ClusterApis(context), own, forwarder, events);
    }
}
