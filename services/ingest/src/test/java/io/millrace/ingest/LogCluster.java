package io.millrace.ingest;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.ApiOptions;
import io.millrace.api.http.FeedPublisher;
import io.millrace.api.http.InternalRoutes;
import io.millrace.api.http.InternalServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What an ingest node needs around it: free ports, and an owner of the log on a simulated disk.
public final class LogCluster implements QuarkusTestResourceLifecycleManager {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();

    @Override
    public Map<String, String> start() {
        ApiOptions options = ApiOptions.defaults();
        FeedPublisher publisher = new FeedPublisher(options);
        InternalServer server = new InternalServer(
                vertx,
                new HostPort("127.0.0.1", 0),
                new Instance(ServiceKind.WAL_STORE, 0, "first", "127.0.0.1", 1, Optional.empty(), "test"),
                InternalRoutes.ofStore(new LogService(publisher), publisher),
                options);
        int storePort = server.start().await().atMost(PATIENCE);
        try {
            return Map.of(
                    "millrace.peers.wal-store", "127.0.0.1:" + storePort,
                    "millrace.listener.port", Integer.toString(freePort()),
                    "millrace.internal.port", Integer.toString(freePort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
