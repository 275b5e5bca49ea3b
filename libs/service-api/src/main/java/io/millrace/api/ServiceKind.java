package io.millrace.api;

import java.util.Optional;

/// The four services; a label on Kubernetes and a range of node ids for Kafka clients.
///
/// Threads: immutable.
public enum ServiceKind {
    INGEST("ingest", 1_000),
    FETCH("fetch", 2_000),
    OFFSET_COORDINATOR("offset-coordinator", 3_000),
    WAL_STORE("wal-store", 0);

    private final String label;
    private final int firstNodeId;

    ServiceKind(String label, int firstNodeId) {
        this.label = label;
        this.firstNodeId = firstNodeId;
    }

    public static Optional<ServiceKind> ofLabel(String label) {
        for (ServiceKind kind : values()) {
            if (kind.label.equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /// The name in configuration, labels and logs.
    public String label() {
        return label;
    }

    /// Whether Kafka clients connect to it; wal-store is no Kafka node.
    public boolean isKafkaNode() {
        return this != WAL_STORE;
    }

    /// Kafka's node id of the instance with this ordinal.
    ///
    /// @throws IllegalArgumentException for wal-store, which has none
    public int nodeId(int ordinal) {
        if (!isKafkaNode()) {
            throw new IllegalArgumentException(label + " is no Kafka node");
        }
        return firstNodeId + ordinal;
    }
}
