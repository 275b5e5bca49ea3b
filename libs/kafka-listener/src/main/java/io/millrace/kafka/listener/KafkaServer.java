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

    /// Vert.x's name for what was started; written once, when all loops listen.
    private volatile String deployment = "";

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
        DeploymentOptions loopCount = new DeploymentOptions().setInstances(options.eventLoops());
        return Uni.createFrom()
                .completionStage(
                        () -> vertx.deployVerticle(this::addLoop, loopCount).toCompletionStage())
                .map(deployed -> {
                    deployment = deployed;
                    return loops.getFirst().port();
                });
    }

    /// Takes no new connection and reads no new request, waits for the answers of those in flight, and closes.
    ///
    /// @param drain how long to wait for those answers
    public Uni<Void> stop(Duration drain) {
        scope.stop();
        return Uni.join()
                .all(loops.stream().map(loop -> loop.drain(drain)).toList())
                .andCollectFailures()
                .flatMap(drained -> Uni.createFrom()
                        .completionStage(() -> vertx.undeploy(deployment).toCompletionStage()));
    }

    private ListenerLoop addLoop() {
        ListenerLoop loop = new ListenerLoop(scope);
        loops.add(loop);
        return loop;
    }
}
