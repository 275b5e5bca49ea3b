package io.millrace.fetch.kafka;

import io.millrace.api.ServiceKind;
import io.millrace.api.http.FrameHandler;
import io.millrace.kafka.fetch.FetchEvents;
import io.millrace.kafka.fetch.FetchHandler;
import io.millrace.kafka.fetch.FetchSettings;
import io.millrace.kafka.fetch.RedirectPolicy;
import io.millrace.kafka.handlers.ClusterApis;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.FrameEndpoint;
import io.millrace.kafka.handlers.IngestForwarder;
import io.millrace.kafka.handlers.Routes;
import io.millrace.kafka.listener.ApiRouter;
import io.millrace.kafka.listener.KafkaServer;
import io.millrace.kafka.listener.ListenerEvents;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.kafka.quota.ClientQuotas;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// The Kafka listener of a fetch node.
///
/// Threads: any. Errors: [#start] fails if the port is taken.
public final class FetchListener {

    private final ApiRouter router;
    private final KafkaServer server;

    public FetchListener(Vertx vertx, Parts parts, FetchHandler.Environment environment) {
        FetchHandler fetch = new FetchHandler(environment, RedirectPolicy.never(), parts.fetch(), parts.fetchEvents());
        router = Routes.router(
                ServiceKind.FETCH,
                new ClusterApis(parts.cluster()),
                Map.of(ApiKeys.FETCH, parts.quotas().ofFetch(fetch)),
                parts.toIngest(),
                parts.listenerEvents());
        server = new KafkaServer(vertx, parts.listener(), router, parts.listenerEvents(), environment.nanoTime());
    }

    /// What the listener is made of.
    public record Parts(
            ListenerOptions listener,
            FetchSettings fetch,
            ClusterContext cluster,
            ClientQuotas quotas,
            IngestForwarder toIngest,
            ListenerEvents listenerEvents,
            FetchEvents fetchEvents) {}

    /// Answers frames that came to other services.
    public FrameHandler frames() {
        return new FrameEndpoint(router);
    }

    /// Listens.
    ///
    /// @return the port
    public Uni<Integer> start() {
        return server.start();
    }

    /// Answers what is in flight for at most `drain`, then closes.
    public Uni<Void> stop(Duration drain) {
        return server.stop(drain);
    }
}
