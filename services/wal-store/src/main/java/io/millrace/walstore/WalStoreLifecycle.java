package io.millrace.walstore;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.runtime.InternalPort;
import io.millrace.runtime.ProcessExit;
import io.millrace.runtime.ProcessExit.Reason;
import io.millrace.runtime.events.ServiceEvent;
import io.millrace.runtime.events.ServiceEvents;
import io.millrace.store.LogStore;
import io.millrace.store.StoreStatus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// Starts recovery, opens the internal port when the log can be served, and stops both in bounded time.
///
/// Threads: starts and stops on the main thread, which alone may wait.
@ApplicationScoped
final class WalStoreLifecycle {

    private static final Logger LOG = Logger.getLogger(WalStoreLifecycle.class);

    private final StoreOwner owner;
    private final ReadPool pool;
    private final InternalPort port;
    private final WalStoreSettings settings;
    private final ServiceEvents events;
    private final WalGauges gauges;
    private final ProcessExit exit;

    WalStoreLifecycle(
            StoreParts parts,
            InternalPort port,
            WalStoreSettings settings,
            ServiceEvents events,
            MeterRegistry registry) {
        this.owner = parts.owner();
        this.pool = parts.pool();
        this.exit = parts.exit();
        this.port = port;
        this.settings = settings;
        this.events = events;
        this.gauges = new WalGauges(registry, parts.owner(), parts.pool(), parts.feeds());
    }

    void start(@Observes StartupEvent event, StoreOwner.Opening opening) {
        gauges.register();
        owner.start(opening, this::serve);
    }

    // On the commit thread, once, before its first round.
    private void serve() {
        owner.store().map(LogStore::status).ifPresent(this::tellRecovered);
        var _ = port.open()
                .subscribe()
                .with(
                        done -> {},
                        failure -> exit.exit(
                                Reason.CANNOT_START, "wal-store cannot start: " + failure.getMessage(), failure));
    }

    private void tellRecovered(StoreStatus status) {
        StoreStatus.RecoveryReport recovery = status.recovery();
        LOG.infof(
                "WAL open location=%s clusterId=%s ownerEpoch=%d endPosition=%d",
                status.location(), status.clusterId(), status.ownerEpoch(), status.endPosition());
        events.publish(ServiceEvent.lifecycle(
                "wal.recovered",
                Map.of(
                        "clusterId", status.clusterId(),
                        "ownerEpoch", Integer.toString(status.ownerEpoch()),
                        "wasClean", Boolean.toString(recovery.wasClean()),
                        "segments", Integer.toString(recovery.segmentCount()),
                        "rounds", Long.toString(recovery.roundCount()),
                        "entries", Long.toString(recovery.batchCount()),
                        "bytes", Long.toString(recovery.bytes()),
                        "tornBytes", Long.toString(recovery.tornBytes()),
                        "millis", Long.toString(TimeUnit.NANOSECONDS.toMillis(recovery.nanos())))));
    }

    // New work is refused first, then what was accepted is finished and answered, and only then do the streams end.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        owner.refuseWork();
        if (!pool.stop(settings.drain())) {
            LOG.warn("Reads did not end in time");
        }
        owner.stop();
        try {
            port.close().subscribeAsCompletionStage().get(settings.drain().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The internal port did not close in order", e);
        }
        LOG.infof("wal-store stopped state=\"%s\"", OwnerText.of(owner.state()));
    }
}
