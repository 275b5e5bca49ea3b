package io.millrace.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.http.StoreClient;
import io.millrace.kafka.listener.KafkaServer;
import io.millrace.runtime.CannotStart;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// Opens the append stream and the Kafka listener, and at the end answers what was accepted before both close.
///
/// Threads: the main thread, which alone may wait.
@ApplicationScoped
final class IngestLifecycle {

    private static final Logger LOG = Logger.getLogger(IngestLifecycle.class);

    /// Opening a port is a matter of milliseconds; a minute says that something is broken.
    private static final Duration OPENING = Duration.ofMinutes(1);

    private final KafkaServer listener;
    private final StoreClient store;
    private final IngestSettings settings;
    private final MeterRegistry registry;

    IngestLifecycle(KafkaServer listener, StoreClient store, IngestSettings settings, MeterRegistry registry) {
        this.listener = listener;
        this.store = store;
        this.settings = settings;
        this.registry = registry;
    }

    void start(@Observes StartupEvent event) throws InterruptedException {
        measureAppendStream();
        store.openAppendStream();
        String where = settings.listener().host() + ":" + settings.listener().port();
        try {
            int port = listener.start().subscribeAsCompletionStage().get(OPENING.toMillis(), TimeUnit.MILLISECONDS);
            LOG.infof("Kafka listener open host=%s port=%d", settings.listener().host(), port);
        } catch (ExecutionException e) {
            throw CannotStart.because("the Kafka listener " + where + " cannot be opened: " + e.getMessage());
        } catch (TimeoutException e) {
            throw CannotStart.because("the Kafka listener " + where + " did not open in time.");
        }
    }

    // Requests that were read are answered first; the stream that answers them closes last.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        Duration patience = settings.drain().plusSeconds(1);
        try {
            listener.stop(settings.drain())
                    .chain(store::close)
                    .subscribeAsCompletionStage()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The Kafka listener did not close in order", e);
        }
    }

    private void measureAppendStream() {
        Gauge.builder(
                        "millrace.ingest.append.connected",
                        store,
                        client -> client.appendStream().isConnected() ? 1 : 0)
                .description("1 while the append stream to wal-store stands")
                .register(registry);
        Gauge.builder(
                        "millrace.ingest.append.bytes.in.flight",
                        store,
                        client -> client.appendStream().bytesInFlight())
                .description("bytes sent to wal-store and not answered yet")
                .register(registry);
        Gauge.builder(
                        "millrace.ingest.append.batches.in.flight",
                        store,
                        client -> client.appendStream().appendsInFlight())
                .description("batches sent to wal-store and not answered yet")
                .register(registry);
        FunctionCounter.builder(
                        "millrace.ingest.append.connects",
                        store,
                        client -> client.appendStream().connects())
                .description("how often the append stream was opened")
                .register(registry);
    }
}
