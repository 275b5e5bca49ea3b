package io.millrace.kafka.handlers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.kafka.listener.ListenerEvents;
import io.millrace.kafka.wire.KafkaRequest;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What a Kafka listener does, as meters: connections, requests by API, refusals, pauses; and the start of each trace.
///
/// Threads: any.
public final class ListenerMeters implements ListenerEvents {

    /// Told of failures that deserve a line in the log.
    @FunctionalInterface
    public interface FailureLog {
        void handlerFailed(String api, int version, Throwable failure);
    }

    private final MeterRegistry registry;
    private final RequestTraces traces;
    private final FailureLog log;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong paused = new AtomicLong();
    private final Counter pauses;
    private final ConcurrentHashMap<String, ApiMeters> apis = new ConcurrentHashMap<>();

    public ListenerMeters(MeterRegistry registry, RequestTraces traces, FailureLog log) {
        this.registry = registry;
        this.traces = traces;
        this.log = log;
        Gauge.builder("millrace.listener.connections", open, AtomicLong::doubleValue)
                .description("open Kafka connections")
                .register(registry);
        Gauge.builder("millrace.listener.paused", paused, AtomicLong::doubleValue)
                .description("connections that are not read from, because too much is in flight")
                .register(registry);
        pauses = Counter.builder("millrace.listener.pauses")
                .description("how often a connection was not read from for a while")
                .register(registry);
    }

    @Override
    public void connectionOpened() {
        open.incrementAndGet();
    }

    @Override
    public void connectionClosed(CloseReason reason, String detail) {
        open.decrementAndGet();
        Counter.builder("millrace.listener.closed")
                .description("Kafka connections that ended")
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    @Override
    public void connectionRefused(Limit limit) {
        Counter.builder("millrace.listener.refused")
                .description("clients that were turned away")
                .tag("limit", limit.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    @Override
    public void requestStarted(KafkaRequest request) {
        traces.started(request);
    }

    @Override
    public void answered(String api, int requestBytes, long responseBytes, long nanos) {
        ApiMeters meters = of(api);
        meters.time.record(nanos, TimeUnit.NANOSECONDS);
        meters.requestBytes.record(requestBytes);
        meters.responseBytes.record((double) responseBytes);
    }

    @Override
    public void handlerFailed(String api, int version, Throwable failure) {
        of(api).failures.increment();
        log.handlerFailed(api, version, failure);
    }

    @Override
    public void readingPaused() {
        paused.incrementAndGet();
        pauses.increment();
    }

    @Override
    public void readingResumed() {
        paused.decrementAndGet();
    }

    private ApiMeters of(String api) {
        ApiMeters known = apis.get(api);
        return known == null ? apis.computeIfAbsent(api, name -> new ApiMeters(registry, name)) : known;
    }

    /// The meters of one API; there are as many as the listener has routes.
    private static final class ApiMeters {

        private final Timer time;
        private final DistributionSummary requestBytes;
        private final DistributionSummary responseBytes;
        private final Counter failures;

        ApiMeters(MeterRegistry registry, String api) {
            time = Timer.builder("millrace.listener.requests")
                    .description("from a request's arrival to its answer's leaving")
                    .tag("api", api)
                    .register(registry);
            requestBytes = DistributionSummary.builder("millrace.listener.request.bytes")
                    .tag("api", api)
                    .register(registry);
            responseBytes = DistributionSummary.builder("millrace.listener.response.bytes")
                    .tag("api", api)
                    .register(registry);
            failures = Counter.builder("millrace.listener.failures")
                    .description("requests whose handler failed; the client got an error")
                    .tag("api", api)
                    .register(registry);
        }
    }
}
