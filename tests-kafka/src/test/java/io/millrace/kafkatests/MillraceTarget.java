package io.millrace.kafkatests;

import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.jspecify.annotations.Nullable;

/// Millrace, started from what the build made, with an instance of ingest for each broker that a test asks for; one
/// cluster goes on from test to test for as long as they ask for as many.
///
/// Threads: one.
final class MillraceTarget implements Target {
    private @Nullable MillraceCluster cluster;
    private int ingestInstances;
    private int started;

    @Override
    public void begin(ClusterConfig config) {
        Map<String, String> wanted = ServerProperties.translate(config);
        if (cluster != null && config.numBrokers() == ingestInstances && cluster.isHealthy() && isCleared(cluster)) {
            cluster.reconfigure(wanted);
            return;
        }
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
        started++;
        ingestInstances = config.numBrokers();
        ClusterOptions options =
                ClusterOptions.named("kafka-" + started).withInstances(Service.INGEST, ingestInstances);
        for (Map.Entry<String, String> setting : wanted.entrySet()) {
            options = options.with(setting.getKey(), setting.getValue());
        }
        cluster = MillraceCluster.start(options);
    }

    /// The next test may want the same.
    @Override
    public void end() {
        MillraceCluster used = running();
        used.kafkaNodes().stream().filter(node -> !node.process().isAlive()).forEach(used::start);
    }

    @Override
    public void settle() {
        // What was answered is known to whoever is asked.
    }

    /// Those that answer for partitions, as a client would be told them.
    @Override
    public String bootstrapServers() {
        return running().kafkaNodes().stream()
                .filter(node -> node.process().service() == Service.INGEST)
                .map(node -> node.address().toString())
                .collect(Collectors.joining(","));
    }

    /// Clients know no other nodes than these.
    @Override
    public String bootstrapControllers() {
        return bootstrapServers();
    }

    @Override
    public List<Integer> nodeIds() {
        return running().kafkaNodes().stream()
                .map(MillraceCluster.KafkaNode::id)
                .toList();
    }

    @Override
    public List<Integer> ports() {
        return running().kafkaNodes().reversed().stream()
                .map(node -> node.address().port())
                .toList();
    }

    @Override
    public int port(int nodeId) {
        return node(nodeId).address().port();
    }

    @Override
    public Map<String, String> topicDefaults(ClusterConfig config) {
        return ServerProperties.topicConfigs(config);
    }

    @Override
    public boolean isRunning(int nodeId) {
        return node(nodeId).process().isAlive();
    }

    @Override
    public void stopNode(int nodeId) {
        running().terminate(node(nodeId));
    }

    @Override
    public void startNode(int nodeId) {
        running().start(node(nodeId));
    }

    private MillraceCluster.KafkaNode node(int nodeId) {
        return running().kafkaNodes().stream()
                .filter(node -> node.id() == nodeId)
                .findFirst()
                .orElseThrow();
    }

    /// Without topics and groups it is as good as new; a group whose members did not leave keeps it from that.
    private static boolean isCleared(MillraceCluster used) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, used.bootstrap()))) {
            List<String> groups = admin.listGroups().all().get().stream()
                    .map(group -> group.groupId())
                    .toList();
            admin.deleteConsumerGroups(groups).all().get();
            admin.deleteTopics(admin.listTopics().names().get()).all().get();
            return true;
        } catch (ExecutionException kept) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private MillraceCluster running() {
        return Objects.requireNonNull(cluster, "no test runs");
    }
}
