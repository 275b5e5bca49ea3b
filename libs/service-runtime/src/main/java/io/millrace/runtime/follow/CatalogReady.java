package io.millrace.runtime.follow;

import io.millrace.api.feed.CatalogView;
import io.millrace.runtime.ClusterIdGuard;
import io.millrace.runtime.InternalPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Ready from the first catalog on. Losing wal-store later leaves it ready: clients get retriable errors, and the
/// bootstrap address stays.
@Readiness
@ApplicationScoped
final class CatalogReady implements HealthCheck {

    private final CatalogView view;
    private final ClusterIdGuard guard;
    private final InternalPort port;

    CatalogReady(CatalogView view, ClusterIdGuard guard, InternalPort port) {
        this.view = view;
        this.guard = guard;
        this.port = port;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> foreign = guard.foreignClusterId();
        boolean isReady = view.isReady() && port.isListening() && foreign.isEmpty();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("catalog").status(isReady);
        guard.clusterId().ifPresent(id -> response.withData("clusterId", id));
        if (view.isReady()) {
            response.withData("topics", view.catalog().topics().size())
                    .withData("version", view.catalog().version());
        } else {
            response.withData("problem", "no catalog has come from wal-store yet");
        }
        foreign.ifPresent(id -> response.withData("problem", "wal-store belongs to another cluster, " + id));
        return response.build();
    }
}
