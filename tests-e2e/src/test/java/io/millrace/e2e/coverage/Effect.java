package io.millrace.e2e.coverage;

/// Shows that an API does what it is for, in one version.
@FunctionalInterface
interface Effect {

    /// Sends the API in this version and checks what has become true by it.
    void show(Scene scene, int version);
}
