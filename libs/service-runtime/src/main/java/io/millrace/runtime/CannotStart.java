package io.millrace.runtime;

import io.quarkus.runtime.PreventFurtherStepsException;

/// Ends a start with one sentence for the operator instead of a stack trace.
public final class CannotStart {

    /// Tells supervisors that another attempt with the same configuration is useless. Source: sysexits.h, EX_CONFIG.
    private static final int EXIT_CODE = 78;

    private CannotStart() {}

    public static RuntimeException because(String sentence) {
        return new PreventFurtherStepsException("Cannot start: " + sentence, EXIT_CODE);
    }
}
