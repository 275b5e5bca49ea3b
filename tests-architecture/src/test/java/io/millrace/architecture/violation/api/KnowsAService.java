package io.millrace.architecture.violation.api;

import io.millrace.architecture.violation.fetch.Front;

/// A library that knows a service.
final class KnowsAService {
    long now(Front front) {
        return front.now();
    }
}
