package io.millrace.kafka.handlers;

import io.millrace.api.Instance;
import io.millrace.kafka.telemetry.ClientTelemetry;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// What [ClusterApis] needs to know of the service it runs in.
///
/// @param self the instance that answers
/// @param routing the nodes as of now
/// @param store sends a command to wal-store
/// @param telemetry asks clients for their metrics
public record ClusterContext(
        Instance self,
        Supplier<RoutingView> routing,
        TopicDirectory directory,
        Function<Command, Uni<CommandOutcome>> store,
        Settings settings,
        ClientTelemetry telemetry) {

    /// What an operator decides.
    ///
    /// @param createsTopicsAutomatically Kafka's `auto.create.topics.enable`
    /// @param producerIdBlockSize how many producer ids one command to wal-store reserves
    /// @param nodeConfigs what DescribeConfigs shows of this node
    public record Settings(boolean createsTopicsAutomatically, int producerIdBlockSize, List<NodeConfig> nodeConfigs) {
        public Settings {
            nodeConfigs = List.copyOf(nodeConfigs);
        }
    }

    /// One setting of this node under the name that Kafka's users know it by.
    public record NodeConfig(String name, String value, String documentation) {}
}
