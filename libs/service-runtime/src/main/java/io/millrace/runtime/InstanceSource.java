package io.millrace.runtime;

/// Where instances find each other.
public enum InstanceSource {
    STATIC,
    FILE,
    KUBERNETES
}
