package io.millrace.fetch;

import io.millrace.fetch.kafka.FetchListener;
import io.millrace.kafka.listener.ListenerOptions;
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

/// Opens the Kafka listener at start; at stop answers what is in flight and closes it in bounded time.
///
/// Threads: the main thread, which alone may wait.
@ApplicationScoped
final class FetchLifecycle {

    private static final Logger LOG = Logger.getLogger(FetchLifecycle.class);

    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final FetchListener listener;
    private final FetchServiceSettings settings;

    FetchLifecycle(FetchListener listener, FetchServiceSettings settings) {
        this.listener = listener;
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) throws InterruptedException {
        ListenerOptions address = settings.listener();
        try {
            int port = listener.start()
                    .subscribeAsCompletionStage()
                    .get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
            LOG.infof("Kafka listener open host=%s port=%d", address.host(), port);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("cause", e);
            throw CannotStart.because(
                    "the Kafka listener " + address.host() + ":" + address.port() + " cannot be opened: "
                            + (e.getCause() == null ? "no answer" : e.getCause().getMessage()));
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        try {
            listener.stop(settings.drain())
                    .subscribeAsCompletionStage()
                    .get(settings.drain().plus(CLOSING).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The Kafka listener did not close in order", e);
        }
    }
}
