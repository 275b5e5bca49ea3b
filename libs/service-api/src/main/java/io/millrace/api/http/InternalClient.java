package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;

/// The connections of one process to the internal ports of the others.
///
/// Threads: all methods from any thread.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class InternalClient {
    private final Vertx vertx;
    private final ApiOptions options;

    public InternalClient(Vertx vertx, ApiOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    public ApiOptions options() {
        return options;
    }

    Vertx vertx() {
        return vertx;
    }

    /// Asks who answers at this address; fails with [io.millrace.api.CallFailedException] when nobody does in time.
    public Uni<Instance> hello(HostPort address) {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Uni<Void> close() {
        throw new UnsupportedOperationException("in the next commit");
    }
}
