package io.millrace.model;

/// Checks what must hold if the program is right; a failure is a bug and stops the thread that met it.
///
/// Errors: [IllegalStateException], which nobody but the outermost loop of a thread may catch.
public final class Invariant {

    private Invariant() {}

    /// Stops here if the condition does not hold.
    ///
    /// @param why the reason for which the condition must hold, for the reader of the failure
    public static void check(boolean condition, String why) {
        if (!condition) {
            throw new IllegalStateException("Broken invariant: " + why);
        }
    }
}
