package io.millrace.runtime.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// Publishes events; never blocks and never fails its caller.
///
/// Threads: any. Errors: when more events wait than the buffer holds, the newest are dropped and counted in
/// `millrace_events_dropped_total`.
@ApplicationScoped
public final class ServiceEvents {

    private static final int WAITING_MAX = 1024;

    private final Emitter<ServiceEvent> emitter;
    private final Counter dropped;

    ServiceEvents(
            @Channel("events") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = WAITING_MAX)
                    Emitter<ServiceEvent> emitter,
            MeterRegistry meters) {
        this.emitter = emitter;
        this.dropped = Counter.builder("millrace.events.dropped")
                .description("Lifecycle and audit events that found the buffer full")
                .register(meters);
    }

    public void publish(ServiceEvent event) {
        try {
            emitter.send(event).whenComplete((done, failure) -> {
                if (failure != null) {
                    dropped.increment();
                }
            });
        } catch (IllegalStateException full) {
            // The emitter says "buffer full" and "nobody listens any more" by this exception; both lose the event only.
            dropped.increment();
        }
    }
}
