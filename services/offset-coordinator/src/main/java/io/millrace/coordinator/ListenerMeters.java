package io.millrace.coordinator;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.kafka.listener.ListenerEvents;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// What the Kafka listener does, as numbers and lines.
///
/// Threads: event loops; never blocks. The meters are as many as there are APIs and reasons.
final class ListenerMeters implements ListenerEvents {

    private static final Logger LOG = Logger.getLogger("io.millrace.coordinator.listener");

    private final MeterRegistry registry;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger paused = new AtomicInteger();
    private final Map<String, ApiMeters> apis = new ConcurrentHashMap<>();

    ListenerMeters(MeterRegistry registry) {
        this.registry = registry;
        registry.gauge("millrace.listener.connections", connections);
        registry.gauge("millrace.listener.connections.paused", paused);
    }

    @Override
    public void connectionOpened() {
        connections.incrementAndGet();
    }

    @Override
    public void connectionClosed(CloseReason reason, String detail) {
        connections.decrementAndGet();
        registry.counter("millrace.listener.connections.closed", "reason", lower(reason))
                .increment();
        LOG.debugf("Connection closed reason=%s detail=\"%s\"", reason, detail);
    }

    @Override
    public void connectionRefused(Limit limit) {
        registry.counter("millrace.listener.connections.refused", "limit", lower(limit))
                .increment();
    }

    @Override
    public void answered(String api, int requestBytes, long responseBytes, long nanos) {
        ApiMeters meters = apis.computeIfAbsent(api, this::meters);
        meters.time.record(nanos, TimeUnit.NANOSECONDS);
        meters.requestBytes.record(requestBytes);
        meters.responseBytes.record((double) responseBytes);
    }

    @Override
    public void handlerFailed(String api, int version, Throwable failure) {
        registry.counter("millrace.listener.failures", "api", api).increment();
        LOG.debugf(failure, "Request failed api=%s version=%d", api, version);
    }

    @Override
    public void readingPaused() {
        paused.incrementAndGet();
    }

    @Override
    public void readingResumed() {
        paused.decrementAndGet();
    }

    private ApiMeters meters(String api) {
        return new ApiMeters(
                Timer.builder("millrace.listener.requests").tag("api", api).register(registry),
                DistributionSummary.builder("millrace.listener.request.bytes")
                        .tag("api", api)
                        .register(registry),
                DistributionSummary.builder("millrace.listener.response.bytes")
                        .tag("api", api)
                        .register(registry));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private record ApiMeters(Timer time, DistributionSummary requestBytes, DistributionSummary responseBytes) {}
}
