package io.millrace.fetch;

import io.millrace.api.ServiceKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The composition root of fetch.
@ApplicationScoped
final class FetchBeans {

    FetchBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.FETCH;
    }
}
