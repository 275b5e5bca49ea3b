package io.millrace.architecture.violation.ingest;

import io.millrace.architecture.violation.fetch.Front;

/// A service that knows another service.
final class KnowsFetch {
    long now(Front front) {
        return front.now();
    }
}
