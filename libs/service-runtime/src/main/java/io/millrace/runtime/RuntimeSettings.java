package io.millrace.runtime;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.ApiOptions;
import io.millrace.api.instances.ProbeOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The configuration that all services share, checked at start.
///
/// Threads: immutable.
///
/// @param listener absent in a service without a Kafka listener
/// @param peersFile present if instances are found by it
/// @param dataDirectory absent if the operator named none
public record RuntimeSettings(
        Node node,
        Optional<Address> listener,
        Address internal,
        InstanceSource instances,
        Map<ServiceKind, List<HostPort>> peers,
        Optional<Path> peersFile,
        Optional<Path> dataDirectory,
        ProbeOptions probe,
        ApiOptions api,
        Duration drain) {

    public RuntimeSettings {
        peers = Map.copyOf(peers);
    }

    /// The configured addresses of a service's instances without those that answer; none where they are
    /// found in another way.
    public List<HostPort> silentPeers(ServiceKind kind, Set<HostPort> answering) {
        if (instances != InstanceSource.STATIC) {
            return List.of();
        }
        return peers.getOrDefault(kind, List.of()).stream()
                .filter(address -> !answering.contains(address))
                .toList();
    }

    /// This instance, as it introduces itself to the others.
    public Instance self() {
        return new Instance(
                node.kind(),
                node.ordinal(),
                node.incarnation(),
                internal.advertised().host(),
                internal.advertised().port(),
                listener.map(Address::advertised),
                node.version());
    }

    /// Who this instance is.
    ///
    /// @param incarnation differs at each start
    public record Node(ServiceKind kind, int ordinal, String incarnation, String version) {}

    /// Where a port binds, and what others are told to connect to.
    public record Address(String host, int port, HostPort advertised) {}
}
