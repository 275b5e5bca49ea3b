package io.millrace.runtime.health;

import io.millrace.runtime.RuntimeSettings;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Up as long as the process answers; says who it is.
@Liveness
@ApplicationScoped
final class ProcessLive implements HealthCheck {

    private final RuntimeSettings settings;

    ProcessLive(RuntimeSettings settings) {
        this.settings = settings;
    }

    @Override
    public HealthCheckResponse call() {
        RuntimeSettings.Node node = settings.node();
        return HealthCheckResponse.named("process")
                .up()
                .withData("service", node.kind().label())
                .withData("ordinal", node.ordinal())
                .withData("incarnation", node.incarnation())
                .withData("version", node.version())
                .build();
    }
}
