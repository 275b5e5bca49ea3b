package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A program of the system, run to its end.
///
/// Errors: an assertion error when it fails; those that tests need want root.
final class SystemCommand {

    private SystemCommand() {}

    static void run(String... command) {
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new AssertionError(List.of(command) + " ended with " + code + "; this test must run as root");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + List.of(command), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
