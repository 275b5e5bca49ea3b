package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// The internal port: HTTP/2 without TLS for the other services.
///
/// Threads: [#start] and [#stop] from any thread, one after the other; connections are spread over event loops.
public final class InternalServer {

    /// Calls that miss their deadline reset their streams, all at once when a process was stopped for a while.
    private static final int RESETS_PER_WINDOW = 100_000;

    private static final Logger LOG = Logger.getLogger(InternalServer.class);

    private final Vertx vertx;
    private final HostPort address;
    private final ApiOptions options;
    private final RequestRouter router;
    private final List<HttpServer> servers = new ArrayList<>();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

    public InternalServer(Vertx vertx, HostPort address, Instance self, InternalRoutes routes, ApiOptions options) {
        this.vertx = vertx;
        this.address = address;
        this.options = options;
        this.router = new RequestRouter(vertx, self, routes, options);
    }

    /// Listens, and answers the port.
    public Uni<Integer> start() {
        return Uni.createFrom().completionStage(() -> listen().toCompletionStage());
    }

    /// Closes all streams and connections.
    public Uni<Void> stop() {
        return Uni.createFrom().completionStage(() -> {
            List<Future<Void>> closed = new ArrayList<>();
            servers.forEach(server -> closed.add(server.close()));
            servers.clear();
            // A server that closes waits half a minute for streams to end, and ours never do.
            connections.forEach(connection -> closed.add(connection.close().otherwiseEmpty()));
            return Future.join(closed).<Void>mapEmpty().toCompletionStage();
        });
    }

    /// Servers on the same address share its connections, each with an event loop of its own.
    private Future<Integer> listen() {
        ConnectionBuffers.shareEqually();
        int serverCount = address.port() == 0 ? 1 : Runtime.getRuntime().availableProcessors();
        List<Future<HttpServer>> listening = new ArrayList<>();
        for (int i = 0; i < serverCount; i++) {
            HttpServer server = vertx.createHttpServer(httpOptions())
                    .requestHandler(router::handle)
                    .connectionHandler(this::connected);
            servers.add(server);
            listening.add(listen(server, EventLoops.next(vertx)));
        }
        return Future.all(listening).map(_ -> servers.getFirst().actualPort());
    }

    private void connected(HttpConnection connection) {
        ConnectionBuffers.bound(connection, options.transport());
        connections.add(connection);
        connection.closeHandler(_ -> connections.remove(connection));
        connection.exceptionHandler(failure -> LOG.debugf("connection broke reason=%s", failure));
    }

    private Future<HttpServer> listen(HttpServer server, Context context) {
        Promise<HttpServer> promise = Promise.promise();
        context.runOnContext(_ -> server.listen(address.port(), address.host()).onComplete(promise));
        return promise.future();
    }

    private HttpServerOptions httpOptions() {
        TransportOptions transport = options.transport();
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setHttp2ConnectionWindowSize(transport.connectionWindowBytes())
                .setHttp2RstFloodMaxRstFramePerWindow(RESETS_PER_WINDOW)
                .setInitialSettings(new Http2Settings()
                        .setInitialWindowSize(transport.streamWindowBytes())
                        .setMaxFrameSize(transport.frameBytes())
                        .setMaxConcurrentStreams(transport.concurrentStreams()));
    }
}
