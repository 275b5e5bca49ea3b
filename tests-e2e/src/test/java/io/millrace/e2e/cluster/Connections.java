package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// TCP connections of this machine, which a test may break.
///
/// Errors: needs root, and `ss` (Debian: iproute2).
public final class Connections {

    private Connections() {}

    /// Resets every connection to the address, at both ends.
    public static void breakTo(HostPort address) {
        List<String> command =
                List.of("ss", "-K", "-t", "-n", "dst", address.host(), "dport", "=", Integer.toString(address.port()));
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError(command + " ended with " + code + "; this test must run as root");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + command, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
