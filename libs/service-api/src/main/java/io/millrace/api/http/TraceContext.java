package io.millrace.api.http;

import io.millrace.api.TraceId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/// The trace id of the request that the present Vert.x context serves.
final class TraceContext {

    private static final String KEY = "io.millrace.trace-id";

    private TraceContext() {}

    /// Remembers the trace id of a request for the calls that it leads to.
    static Optional<TraceId> adopt(HttpServerRequest request) {
        Optional<TraceId> traceId =
                Optional.ofNullable(request.getHeader(TraceId.HEADER)).flatMap(TraceId::ofHeader);
        Context context = Vertx.currentContext();
        if (traceId.isPresent() && context != null) {
            context.putLocal(KEY, traceId.get());
        }
        return traceId;
    }

    static Optional<TraceId> current() {
        Context context = Vertx.currentContext();
        return context == null ? Optional.empty() : Optional.ofNullable(context.getLocal(KEY));
    }
}
