package io.millrace.kafka.listener;

import io.smallrye.mutiny.Uni;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// A Kafka listener: several event loops that share one port.
///
/// Threads: start and stop once each, from any thread; never blocks.
/// Errors: [#start] fails if the port is taken.
public final class KafkaServer {

    private final Vertx vertx;
    private final ListenerOptions options;
    private final ListenerScope scope;
    private final CopyOnWriteArrayList<ListenerLoop> loops = new CopyOnWriteArrayList<>();

    /// A server that does not listen yet.
    ///
    /// @param nanoTime a clock for elapsed time
    public KafkaServer(
            Vertx vertx, ListenerOptions options, ApiRouter router, ListenerEvents events, LongSupplier nanoTime) {
        this.vertx = Objects.requireNonNull(vertx);
        this.options = Objects.requireNonNull(options);
        this.scope = new ListenerScope(options, router, events, nanoTime);
    }

    /// Listens.
    ///
    /// @return the port
    public Uni<Integer> start() {
        return startLoop(options.port()).flatMap(this::startOthers);
    }

    /// Takes no new connection and reads no new request, waits for the answers of those in flight, and closes.
    ///
    /// @param drain how long to wait for those answers
    public Uni<Void> stop(Duration drain) {
        scope.stop();
        return Uni.join()
                .all(loops.stream().map(loop -> loop.stop(drain)).toList())
                .andCollectFailures()
                .replaceWithVoid();
    }

    private Uni<Integer> startOthers(int port) {
        Uni<Integer> started = Uni.createFrom().item(port);
        for (int i = 1; i < options.eventLoops(); i++) {
            started = started.flatMap(this::startLoop);
        }
        return started;
    }

    /// The first loop may be given port 0; the others share the port that it got.
    private Uni<Integer> startLoop(int port) {
        ListenerLoop loop = new ListenerLoop(scope, port);
        loops.add(loop);
        return Uni.createFrom()
                .completionStage(() ->
                        vertx.deployVerticle(loop, new DeploymentOptions()).toCompletionStage())
                .map(deployment -> loop.port());
    }
}
