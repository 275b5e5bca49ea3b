package io.millrace.runtime;

import io.quarkus.runtime.configuration.ConfigurationException;

/// Ends a start with one sentence for the operator: the framework prints no stack trace for this kind of exception.
public final class CannotStart {

    private CannotStart() {}

    public static RuntimeException because(String sentence) {
        return new ConfigurationException("Cannot start: " + sentence);
    }
}
