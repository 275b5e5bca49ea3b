package io.millrace.coordinator.kafka;

import io.millrace.api.ServiceKind;
import io.millrace.api.http.FrameForwarder;
import io.millrace.kafka.handlers.Answers;
import io.millrace.kafka.handlers.ClusterApis;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.IngestForwarder;
import io.millrace.kafka.handlers.Routes;
import io.millrace.kafka.listener.KafkaServer;
import io.millrace.kafka.listener.ListenerEvents;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.kafka.listener.RequestHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The Kafka listener of this service: every node's requests, and the groups'.
///
/// Threads: start and stop once each, from any thread.
public final class GroupListener {

    /// Two of a member's heartbeats: long enough to be told, short enough to try again.
    private static final Duration INTERNAL_TOPICS_MEMORY = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Socket socket;
    private final ClusterContext context;
    private final IngestForwarder toIngest;
    private final MemberWaits waits = new MemberWaits();

    // Written by the start.
    private volatile @Nullable KafkaServer server;

    /// Where to listen, within which bounds, and who hears of it.
    ///
    /// @param nanoClock elapsed time
    public record Socket(ListenerOptions options, ListenerEvents events, LongSupplier nanoClock) {}

    /// A listener that does not listen yet.
    public GroupListener(Vertx vertx, Socket socket, ClusterContext context, FrameForwarder forwarder) {
        this.vertx = vertx;
        this.socket = socket;
        this.context = context;
        toIngest = new IngestForwarder(context.routing(), forwarder::forward);
    }

    /// Listens with the groups of `coordinator`, and answers the port.
    public Uni<Integer> start(EmbeddedCoordinator coordinator) {
        InternalTopics internalTopics = new InternalTopics(
                context.store(),
                socket.nanoClock(),
                new InternalTopics.Bounds(coordinator.settings().internalTopicsMax(), INTERNAL_TOPICS_MEMORY));
        return start(
                new ClusterApis(context), GroupApis.handlers(coordinator, context.directory(), internalTopics, waits));
    }

    /// Listens as a node that has no groups: clients are sent to look for the one that has.
    public Uni<Integer> startWithoutGroups() {
        ClusterApis cluster = new ClusterApis(context);
        Map<ApiKeys, RequestHandler> refusing = new EnumMap<>(ApiKeys.class);
        for (ApiKeys api : Routes.ownApis(ServiceKind.OFFSET_COORDINATOR, cluster)) {
            refusing.put(
                    api, request -> Answers.error(request, Errors.NOT_COORDINATOR, Errors.NOT_COORDINATOR.message()));
        }
        return start(cluster, refusing);
    }

    private Uni<Integer> start(ClusterApis cluster, Map<ApiKeys, RequestHandler> own) {
        KafkaServer started = new KafkaServer(
                vertx,
                socket.options(),
                Routes.router(ServiceKind.OFFSET_COORDINATOR, cluster, own, toIngest, socket.events()),
                socket.events(),
                socket.nanoClock());
        server = started;
        return started.start();
    }

    /// Takes no new request, and answers those in flight; those that wait for other members, with NOT_COORDINATOR.
    public Uni<Void> stop(Duration drain) {
        KafkaServer started = server;
        if (started == null) {
            return Uni.createFrom().voidItem();
        }
        Uni<Void> stopped = started.stop(drain);
        waits.end();
        return stopped;
    }
}
