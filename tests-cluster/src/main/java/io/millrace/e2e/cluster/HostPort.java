package io.millrace.e2e.cluster;

/// An address on this machine.
public record HostPort(String host, int port) {

    /// Reads `host:port`.
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        return new HostPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
