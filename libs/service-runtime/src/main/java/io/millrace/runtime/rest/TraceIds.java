package io.millrace.runtime.rest;

import io.millrace.api.TraceId;
import io.millrace.api.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// The trace id of the present request: told to the client, handed on to the services that are asked for it, and
/// written beside what is logged for it.
///
/// Source: W3C Trace Context; the id comes from the caller's `traceparent` header if there is one.
final class TraceIds {

    /// The response header that tells a client under which id its request is found.
    static final String HEADER = "Trace-Id";

    private static final Logger LOG = Logger.getLogger(TraceIds.class);

    TraceIds() {}

    static Optional<String> current() {
        SpanContext context = Span.current().getSpanContext();
        return context.isValid() ? Optional.of(context.getTraceId()) : Optional.empty();
    }

    @ServerRequestFilter
    void passOn(ContainerRequestContext request) {
        current().map(TraceIds::parsed).ifPresent(TraceContext::remember);
    }

    private static TraceId parsed(String hex) {
        int half = hex.length() / 2;
        return new TraceId(
                Long.parseUnsignedLong(hex, 0, half, 16), Long.parseUnsignedLong(hex, half, hex.length(), 16));
    }

    @ServerResponseFilter
    void tell(ContainerRequestContext request, ContainerResponseContext response) {
        current().ifPresent(id -> {
            response.getHeaders().putSingle(HEADER, id);
            LOG.debugf(
                    "REST request traceId=%s method=%s path=%s status=%d",
                    id, request.getMethod(), request.getUriInfo().getPath(), response.getStatus());
        });
    }
}
