package io.millrace.api;

/// An address as it is configured or advertised: a name or an IP address, and a TCP port.
///
/// Threads: immutable.
public record HostPort(String host, int port) {

    private static final int PORT_MAX = 65_535;

    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a host has a name");
        }
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port is not between 0 and " + PORT_MAX + ": " + port);
        }
    }

    /// Reads `host:port`; an IPv6 address stands in brackets.
    ///
    /// @throws IllegalArgumentException if the text is something else
    public static HostPort parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("not host:port: '" + text + "'");
        }
        String host = trimmed.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, Integer.parseInt(trimmed.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not host:port: '" + text + "'", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
