package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A program of the system, run to its end. What it says is told if it fails; the tests' own output is none of its.
///
/// Errors: an assertion error when it fails; those that tests need want root.
final class SystemCommand {

    private SystemCommand() {}

    static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(
                        List.of(command) + " ended with " + code + "; this test must run as root\n" + said);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + List.of(command), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
