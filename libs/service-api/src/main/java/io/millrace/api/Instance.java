package io.millrace.api;

import java.util.Optional;

/// One running process of one service, as it introduces itself to the others.
///
/// Threads: immutable.
///
/// @param ordinal the stable number of its place, 0 and up; with the kind it names the instance across restarts
/// @param incarnation different at each start of the process
/// @param internalHost where the other services reach its internal port
/// @param kafka the address that Kafka clients are told; empty for wal-store
/// @param version of the program
public record Instance(
        ServiceKind kind,
        int ordinal,
        String incarnation,
        String internalHost,
        int internalPort,
        Optional<HostPort> kafka,
        String version) {

    public Instance {
        if (ordinal < 0) {
            throw new IllegalArgumentException("ordinal is negative: " + ordinal);
        }
    }

    /// Kafka's node id.
    ///
    /// @throws IllegalArgumentException for wal-store, which has none
    public int nodeId() {
        return kind.nodeId(ordinal);
    }

    /// The name that stays the same over restarts, such as `ingest-0`.
    public String name() {
        return kind.label() + "-" + ordinal;
    }

    public HostPort internal() {
        return new HostPort(internalHost, internalPort);
    }

    /// The same instance, reached at the address that was found to work.
    public Instance at(HostPort address) {
        return new Instance(kind, ordinal, incarnation, address.host(), address.port(), kafka, version);
    }
}
