package io.millrace.runtime.follow;

import io.millrace.runtime.CannotStart;
import io.millrace.runtime.InternalPort;
import io.millrace.runtime.RuntimeSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// Opens the internal port early at start and closes it late at stop, around the service's own listener.
///
/// Threads: the main thread, which alone may wait.
@ApplicationScoped
final class FollowerLifecycle {

    private static final Logger LOG = Logger.getLogger(FollowerLifecycle.class);

    private final InternalPort port;
    private final RuntimeSettings settings;

    FollowerLifecycle(InternalPort port, RuntimeSettings settings) {
        this.port = port;
        this.settings = settings;
    }

    // Observers without a priority come later.
    void start(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent event) throws InterruptedException {
        try {
            port.open().subscribeAsCompletionStage().get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw e instanceof ExecutionException failed && failed.getCause() instanceof RuntimeException sentence
                    ? sentence
                    : CannotStart.because("the internal port did not open in time.");
        }
    }

    // Observers without a priority come earlier.
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event) throws InterruptedException {
        try {
            port.close().subscribeAsCompletionStage().get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The internal port did not close in order", e);
        }
    }
}
