package io.millrace.kafka.wire;

/// Who sent a request, as far as the connection knows.
///
/// Threads: immutable. Source: KIP-511 for the software's name and version.
///
/// @param softwareName what the client calls itself in ApiVersions, or `unknown`
/// @param listener the name of the listener that the client connected to
public record ClientDetails(String host, int port, String softwareName, String softwareVersion, String listener) {

    /// Kafka's word for a client that did not say what it is.
    public static final String UNKNOWN_SOFTWARE = "unknown";

    /// A client that has not introduced itself yet.
    public static ClientDetails unnamed(String host, int port, String listener) {
        return new ClientDetails(host, port, UNKNOWN_SOFTWARE, UNKNOWN_SOFTWARE, listener);
    }

    /// The same client after it said what it is.
    public ClientDetails withSoftware(String name, String version) {
        return new ClientDetails(host, port, name, version, listener);
    }
}
