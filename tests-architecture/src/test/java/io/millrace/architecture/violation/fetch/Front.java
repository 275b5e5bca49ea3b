package io.millrace.architecture.violation.fetch;

/// Something that a service keeps to itself.
public final class Front {
    public long now() {
        return System.nanoTime();
    }
}
