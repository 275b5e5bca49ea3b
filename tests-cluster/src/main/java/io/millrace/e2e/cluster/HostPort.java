package io.millrace.e2e.cluster;

/// An address on this machine.
public record HostPort(String host, int port) {

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
