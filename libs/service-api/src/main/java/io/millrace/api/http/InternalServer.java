package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/// The internal port: HTTP/2 without TLS for the other services.
///
/// Threads: from any thread.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class InternalServer {
    public InternalServer(Vertx vertx, HostPort address, Instance self, InternalRoutes routes, ApiOptions options) {}

    /// Listens, and answers the port.
    public Uni<Integer> start() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// Closes all streams and connections.
    public Uni<Void> stop() {
        throw new UnsupportedOperationException("in the next commit");
    }
}
