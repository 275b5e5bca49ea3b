package io.millrace.api.http;

import io.millrace.api.TraceId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import java.util.Optional;

/// The trace id of the request that the present Vert.x context serves.
///
/// Threads: the request's event loop.
public final class TraceContext {

    private static final String KEY = "io.millrace.trace-id";

    private TraceContext() {}

    /// Remembers the trace id of a request for the calls that it leads to.
    static Optional<TraceId> adopt(HttpServerRequest request) {
        Optional<TraceId> traceId =
                Optional.ofNullable(request.getHeader(TraceId.HEADER)).flatMap(TraceId::ofHeader);
        traceId.ifPresent(TraceContext::remember);
        return traceId;
    }

    /// The calls that the present context makes from now on carry the trace id on.
    public static void remember(TraceId traceId) {
        ownContext().ifPresent(context -> context.putLocal(KEY, traceId));
    }

    static Optional<TraceId> current() {
        return ownContext().flatMap(context -> Optional.ofNullable(context.<TraceId>getLocal(KEY)));
    }

    /// A root context is shared by all requests of its event loop, so only a request's own duplicate has locals.
    private static Optional<Context> ownContext() {
        Context context = Vertx.currentContext();
        return context instanceof ContextInternal internal && internal.isDuplicate()
                ? Optional.of(context)
                : Optional.empty();
    }
}
