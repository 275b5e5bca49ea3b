package io.millrace.coordinator;

import io.millrace.api.feed.CatalogView;
import io.millrace.coordinator.kafka.GroupListener;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.runtime.CannotStart;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Opens the store and the listener at start; at stop answers what is in flight and closes them in bounded time.
///
/// Threads: the main thread, which alone may wait.
@ApplicationScoped
final class CoordinatorLifecycle {

    private static final Logger LOG = Logger.getLogger(CoordinatorLifecycle.class);

    private final CoordinatorNode node;
    private final CoordinatorOptions options;
    private final GroupListener listener;
    private final CatalogView catalog;
    private final NodeGauges gauges;

    private final LagMeters lags;

    private @Nullable Cancellable catalogNews;
    private @Nullable Cancellable lagLooks;

    CoordinatorLifecycle(
            CoordinatorNode node,
            CoordinatorOptions options,
            GroupListener listener,
            CatalogView catalog,
            Meters meters) {
        this.node = node;
        this.options = options;
        this.listener = listener;
        this.catalog = catalog;
        gauges = meters.gauges();
        lags = meters.lags();
    }

    /// What is measured of a node.
    record Meters(NodeGauges gauges, LagMeters lags) {}

    void start(@Observes StartupEvent event) throws InterruptedException {
        try {
            node.open();
        } catch (GroupStoreException e) {
            LOG.debug("cause", e);
            throw CannotStart.because(String.valueOf(e.getMessage()));
        }
        gauges.register();
        switch (node.state()) {
            case NodeState.AwaitingCatalog awaiting -> {
                listen(listener.start(awaiting.coordinator()));
                catalogNews = catalog.changes()
                        .subscribe()
                        .with(node::show, failure -> LOG.error("The catalog's changes ended", failure));
                lagLooks = lags.start();
            }
            case NodeState.WithoutShards without -> {
                LOG.warn(without.message());
                listen(listener.startWithoutGroups());
            }
            case NodeState.Starting _, NodeState.Serving _, NodeState.Refused _, NodeState.Stopped _ ->
                throw new IllegalStateException("opened as " + node.state());
        }
        LOG.infof(
                "Groups store=%s shards=%d",
                options.store().directory(), options.store().shards());
    }

    private void listen(Uni<Integer> starting) throws InterruptedException {
        ListenerOptions address = options.listener();
        try {
            starting.subscribeAsCompletionStage().get(options.drain().toMillis(), TimeUnit.MILLISECONDS);
            LOG.infof("Kafka listener open host=%s port=%d", address.host(), address.port());
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("cause", e);
            throw CannotStart.because(
                    "the Kafka listener " + address.host() + ":" + address.port() + " cannot be opened: "
                            + (e.getCause() == null ? "no answer" : e.getCause().getMessage()));
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (catalogNews != null) {
            catalogNews.cancel();
        }
        if (lagLooks != null) {
            lagLooks.cancel();
        }
        try {
            listener.stop(options.drain())
                    .subscribeAsCompletionStage()
                    .get(options.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The Kafka listener did not close in order", e);
        }
        try {
            node.close();
        } catch (GroupStoreException e) {
            LOG.warn("The store did not close in order", e);
        }
    }
}
