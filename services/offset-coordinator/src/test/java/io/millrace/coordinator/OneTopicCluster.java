package io.millrace.coordinator;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a coordinator needs around it: a data directory, free ports, and a wal-store to follow.
public final class OneTopicCluster implements QuarkusTestResourceLifecycleManager {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private @Nullable Path directory;

    @Override
    public Map<String, String> start() {
        ApiOptions options = ApiOptions.defaults();
        InternalServer server = new InternalServer(
                vertx,
                new HostPort("127.0.0.1", 0),
                new Instance(ServiceKind.WAL_STORE, 0, "first", "127.0.0.1", 1, Optional.empty(), "test"),
                InternalRoutes.ofStore(new OneTopicStore(), new FeedPublisher(options)),
                options);
        int storePort = server.start().await().atMost(PATIENCE);
        try {
            directory = Files.createTempDirectory("coordinator");
            return Map.of(
                    "millrace.peers.wal-store",
                    "127.0.0.1:" + storePort,
                    "millrace.data.directory",
                    directory.toString(),
                    "millrace.offset-coordinator.allow-volatile-memory",
                    "true",
                    "millrace.offset-coordinator.lag.interval",
                    "0.2s",
                    "millrace.listener.port",
                    Integer.toString(freePort()),
                    "millrace.internal.port",
                    Integer.toString(freePort()),
                    "millrace.offset-coordinator.group.initial-rebalance-delay",
                    "0s");
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
        if (directory == null) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
