package io.millrace.coordinator;

import io.millrace.coordinator.kafka.ShardPhase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Ready once all shards have been loaded and clients can connect.
@Readiness
@ApplicationScoped
final class GroupsReady implements HealthCheck {

    private final CoordinatorNode node;
    private final CoordinatorOptions options;

    GroupsReady(CoordinatorNode node, CoordinatorOptions options) {
        this.node = node;
        this.options = options;
    }

    @Override
    public HealthCheckResponse call() {
        Map<Integer, ShardPhase> phases = node.phases();
        long serving = phases.values().stream()
                .filter(ShardPhase.Serving.class::isInstance)
                .count();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("groups")
                .status(node.hasServed())
                .withData("state", text(node.state()))
                .withData(
                        "directory",
                        options.store().directory().toAbsolutePath().toString())
                .withData("shards", options.coordinator().shards())
                .withData("shardsServing", serving);
        phases.forEach((shard, phase) -> {
            if (phase instanceof ShardPhase.Failed failed) {
                response.withData("shard-" + shard, failed.why());
            }
        });
        return response.build();
    }

    private static String text(NodeState state) {
        return switch (state) {
            case NodeState.Starting _ -> "The service is starting.";
            case NodeState.WithoutShards without -> without.message();
            case NodeState.AwaitingCatalog _ -> "No catalog has come from wal-store yet.";
            case NodeState.Serving _ -> "Groups are served.";
            case NodeState.Refused refused -> refused.message();
            case NodeState.Stopped _ -> "The service has stopped.";
        };
    }
}
