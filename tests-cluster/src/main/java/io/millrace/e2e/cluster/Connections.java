package io.millrace.e2e.cluster;

/// TCP connections of this machine, which a test may break.
///
/// Errors: needs root, and `ss` (Debian: iproute2).
public final class Connections {

    private Connections() {}

    /// Resets every connection to the address, at both ends.
    public static void breakTo(HostPort address) {
        String port = Integer.toString(address.port());
        SystemCommand.run("ss", "-K", "-H", "-t", "-n", "dst", address.host(), "dport", "=", port);
    }
}
