package io.millrace.coordinator;

import io.millrace.api.ServiceKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The composition root of offset-coordinator.
@ApplicationScoped
final class CoordinatorBeans {

    CoordinatorBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.OFFSET_COORDINATOR;
    }
}
