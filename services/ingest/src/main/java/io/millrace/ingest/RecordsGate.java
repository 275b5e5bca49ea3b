package io.millrace.ingest;

import io.millrace.runtime.rest.Problems;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NameBinding;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Bounds the memory of REST requests that bring records: so many are worked on at a time, and a further one is refused
/// before its body is read.
///
/// Threads: any.
final class RecordsGate {

    private final Semaphore places;
    private final int count;

    RecordsGate(IngestSettings settings) {
        count = settings.rest().requestsMax();
        places = new Semaphore(count);
    }

    @Guarded
    @ServerRequestFilter
    void enter(RoutingContext request) {
        if (!places.tryAcquire()) {
            throw Problems.unavailable("This instance is at work on " + count + " requests with records already.");
        }
        AtomicBoolean isHeld = new AtomicBoolean(true);
        request.addEndHandler(_ -> leave(isHeld));
        if (request.response().closed()) {
            // It was gone before this thread took it over, and nobody calls the handler any more.
            leave(isHeld);
        }
    }

    private void leave(AtomicBoolean isHeld) {
        if (isHeld.getAndSet(false)) {
            places.release();
        }
    }

    /// Marks what must pass the gate.
    @NameBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface Guarded {}
}
