package io.millrace.runtime;

import io.millrace.api.HostPort;
import io.millrace.api.http.InternalRoutes;
import io.millrace.api.http.InternalServer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import org.jboss.logging.Logger;

/// The internal port of this instance; whoever knows when the service can answer opens it.
///
/// Threads: any. Errors: a port that is taken fails [#open] with a sentence.
@ApplicationScoped
public final class InternalPort {

    private static final Logger LOG = Logger.getLogger(InternalPort.class);

    private final RuntimeSettings.Address address;
    private final InternalServer server;

    // Written when the server has started and when it is told to stop.
    private volatile boolean isListening;

    InternalPort(Vertx vertx, RuntimeSettings settings, Instance<InternalRoutes> routes) {
        address = settings.internal();
        InternalRoutes served = routes.isResolvable() ? routes.get() : InternalRoutes.none();
        server = new InternalServer(
                vertx, new HostPort(address.host(), address.port()), settings.self(), served, settings.api());
    }

    public Uni<Void> open() {
        return server.start()
                .onFailure()
                .transform(failure -> CannotStart.because("the internal port " + address.host() + ":" + address.port()
                        + " cannot be opened: " + failure.getMessage()))
                .invoke(this::opened)
                .replaceWithVoid();
    }

    private void opened(int port) {
        isListening = true;
        LOG.infof("Internal port open host=%s port=%d", address.host(), port);
    }

    public boolean isListening() {
        return isListening;
    }

    /// Does nothing if it is not open.
    public Uni<Void> close() {
        if (!isListening) {
            return Uni.createFrom().voidItem();
        }
        isListening = false;
        return server.stop();
    }
}
