package io.millrace.walstore;

import io.millrace.runtime.InternalPort;
import io.millrace.store.LogStore;
import io.millrace.store.StoreStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/// Whether the log lives, is ready, and makes progress until it is.
@ApplicationScoped
final class WalHealth {

    private final StoreOwner owner;
    private final InternalPort port;
    private final WalStoreSettings settings;

    WalHealth(StoreOwner owner, InternalPort port, WalStoreSettings settings) {
        this.owner = owner;
        this.port = port;
        this.settings = settings;
    }

    /// Down when the thread that must make progress makes none: only a new process helps then.
    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck live() {
        return this::progress;
    }

    /// Follows recovery's progress, so that a long recovery is not mistaken for a dead one and begun again for ever.
    @Produces
    @Startup
    @ApplicationScoped
    HealthCheck started() {
        return this::progress;
    }

    /// Up when reads and writes are served. A full disk leaves it up: reads go on, and writes get an answer. So do
    /// damaged places: all others are read.
    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return this::readiness;
    }

    private HealthCheckResponse progress() {
        long silentMillis = owner.sinceProgress().toMillis();
        OwnerState state = owner.state();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("wal progress")
                .status(silentMillis <= settings.stallMax().toMillis())
                .withData("state", OwnerText.of(state))
                .withData("millisSinceProgress", silentMillis);
        if (state instanceof OwnerState.Recovering recovering) {
            response.withData("recoveredBytes", recovering.bytesDone())
                    .withData("recoveryBytesTotal", recovering.bytesTotal());
        }
        return response.build();
    }

    private HealthCheckResponse readiness() {
        OwnerState state = owner.state();
        boolean isReady = state instanceof OwnerState.Serving && port.isListening();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("wal")
                .status(isReady)
                .withData("state", OwnerText.of(state))
                .withData("directory", settings.directory().toAbsolutePath().toString());
        Optional<StoreStatus> status = owner.store().map(LogStore::status);
        status.ifPresent(log -> response.withData("clusterId", log.clusterId())
                .withData("ownerEpoch", log.ownerEpoch())
                .withData("endPosition", log.endPosition())
                .withData("isDiskFull", log.isDiskFull()));
        owner.store()
                .map(store -> store.scrub().status())
                .ifPresent(
                        scrub -> response.withData("scrub", scrub.state().name().toLowerCase(Locale.ROOT))
                                .withData("damagedPlaces", scrub.damages().size()));
        return withDevice(response).build();
    }

    private HealthCheckResponseBuilder withDevice(HealthCheckResponseBuilder response) {
        try {
            DataDevice device = DataDevice.of(settings.directory());
            return response.withData("device", device.name() + " (" + device.type() + ")")
                    .withData("usableBytes", device.usableBytes());
        } catch (IOException e) {
            return response.withData("device", "does not answer: " + e.getMessage());
        }
    }
}
