package io.millrace.ingest;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.kafka.handlers.ClusterContext.NodeConfig;
import java.util.List;

/// What DescribeConfigs shows of an ingest node: those of its settings for which Kafka's users have a name.
final class NodeConfigs {

    private NodeConfigs() {}

    static List<NodeConfig> of(Instance self, IngestSettings settings) {
        var listener = settings.listener();
        String bound = "PLAINTEXT://" + listener.host() + ":" + listener.port();
        String advertised = self.kafka().map(HostPort::toString).orElse("");
        return List.of(
                config("node.id", self.nodeId(), "The id of this node."),
                config("broker.id", self.nodeId(), "The id of this node."),
                config("listeners", bound, "The address that the listener binds to."),
                config("advertised.listeners", "PLAINTEXT://" + advertised, "The address that clients are told."),
                config(
                        "auto.create.topics.enable",
                        settings.topics().createAutomatically(),
                        "Whether a topic is created when a client asks about one that does not exist."),
                config("delete.topic.enable", true, "Topics can be deleted."),
                config("default.replication.factor", 1, "How many copies of a partition are kept."),
                config("min.insync.replicas", 1, "How many copies must exist before a record is acknowledged."),
                config("socket.request.max.bytes", listener.maxFrameBytes(), "The largest request."),
                config("max.connections", listener.maxConnections(), "How many connections there may be."),
                config(
                        "max.connections.per.ip",
                        listener.maxConnectionsPerAddress(),
                        "How many connections there may be from one address."),
                config(
                        "connections.max.idle.ms",
                        listener.idleTimeout().toMillis(),
                        "How long a connection may be silent."));
    }

    private static NodeConfig config(String name, Object value, String documentation) {
        return new NodeConfig(name, value.toString(), documentation);
    }
}
