package io.millrace.ingest;

import io.millrace.api.ServiceKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The composition root of ingest.
@ApplicationScoped
final class IngestBeans {

    IngestBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.INGEST;
    }
}
