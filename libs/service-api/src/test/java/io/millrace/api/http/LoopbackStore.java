package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.instances.Instances;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A scripted store behind a real internal port on loopback, and a client of it.
final class LoopbackStore implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Vertx vertx = Vertx.vertx();
    final ScriptedStore store = new ScriptedStore();
    final FeedPublisher publisher;
    final ApiOptions options;
    final InternalClient client;
    final OneStore instances = new OneStore();
    private final InternalRoutes routes;
    private InternalServer server;
    private int port;

    LoopbackStore() {
        this(quick());
    }

    LoopbackStore(ApiOptions options) {
        this.options = options;
        publisher = new FeedPublisher(options);
        routes = InternalRoutes.ofStore(store, publisher);
        client = new InternalClient(vertx, options);
        server = start(0);
    }

    /// Defaults, but for time-outs that a test can wait for.
    static ApiOptions quick() {
        ApiOptions defaults = ApiOptions.defaults();
        return new ApiOptions(
                defaults.transport(),
                new StreamOptions(
                        Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(10), Duration.ofMillis(100)),
                defaults.append(),
                new CallOptions(
                        Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1)),
                defaults.feeds());
    }

    static ApiOptions quickWith(AppendOptions append) {
        ApiOptions quick = quick();
        return new ApiOptions(quick.transport(), quick.streams(), append, quick.calls(), quick.feeds());
    }

    static Instance instance(ServiceKind kind, int port) {
        return new Instance(kind, 0, "first", "127.0.0.1", port, Optional.empty(), "test");
    }

    Instance self() {
        return instances.owner;
    }

    HostPort address() {
        return new HostPort("127.0.0.1", port);
    }

    StoreClient storeClient() {
        return new StoreClient(client, instances, instance(ServiceKind.INGEST, 1));
    }

    StoreClient appendingClient() {
        StoreClient appending = storeClient();
        appending.openAppendStream();
        eventually(() -> appending.appendStream().isConnected());
        return appending;
    }

    void stopServer() {
        server.stop().await().atMost(PATIENCE);
    }

    void startServerAgain() {
        server = start(port);
    }

    private InternalServer start(int wantedPort) {
        InternalServer started = new InternalServer(
                vertx,
                new HostPort("127.0.0.1", wantedPort),
                instance(ServiceKind.WAL_STORE, wantedPort),
                routes,
                options);
        port = started.start().await().atMost(PATIENCE);
        instances.owner = instance(ServiceKind.WAL_STORE, port);
        return started;
    }

    static void eventually(BooleanSupplier condition) {
        Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(5))
                .onOverflow()
                .drop()
                .filter(_ -> condition.getAsBoolean())
                .toUni()
                .await()
                .atMost(PATIENCE);
    }

    @Override
    public void close() {
        client.close().await().atMost(PATIENCE);
        stopServer();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// Says that there is one wal-store, at an address that a test may change.
    static final class OneStore implements Instances {
        volatile Instance owner = instance(ServiceKind.WAL_STORE, 1);

        @Override
        public List<Instance> live(ServiceKind kind) {
            return kind == ServiceKind.WAL_STORE ? List.of(owner) : List.of();
        }

        @Override
        public Multi<List<Instance>> changes() {
            return Multi.createFrom().item(List.of(owner));
        }

        @Override
        public void suspect(Instance instance) {}

        @Override
        public void close() {}
    }
}
