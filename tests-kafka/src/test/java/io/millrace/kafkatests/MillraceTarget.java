package io.millrace.kafkatests;

import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.jspecify.annotations.Nullable;

/// Millrace, started from what the build made; one cluster goes on from test to test for as long as they want the same.
///
/// Threads: one.
final class MillraceTarget implements Target {
    /// As the services count their Kafka nodes, in the order of their ids.
    private static final List<Service> NODES = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private static final int IDS_PER_SERVICE = 1000;

    private @Nullable MillraceCluster cluster;
    private Map<String, String> settings = Map.of();
    private int started;

    @Override
    public void begin(ClusterConfig config) {
        Map<String, String> wanted = ServerProperties.translate(config);
        if (cluster != null && wanted.equals(settings) && cluster.isHealthy() && isCleared(cluster)) {
            return;
        }
        distrust();
        started++;
        ClusterOptions options = ClusterOptions.named("kafka-" + started);
        for (Map.Entry<String, String> setting : wanted.entrySet()) {
            options = options.with(setting.getKey(), setting.getValue());
        }
        cluster = MillraceCluster.start(options);
        settings = wanted;
    }

    @Override
    public void end() {
        // The next test may want the same.
    }

    @Override
    public void distrust() {
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
    }

    @Override
    public String bootstrapServers() {
        return running().bootstrap();
    }

    /// Clients know no other nodes than these.
    @Override
    public String bootstrapControllers() {
        return running().bootstrap();
    }

    @Override
    public List<Integer> nodeIds() {
        return NODES.stream()
                .map(service -> (NODES.indexOf(service) + 1) * IDS_PER_SERVICE)
                .toList();
    }

    @Override
    public void stopNode(int nodeId) {
        running().terminate(service(nodeId));
    }

    @Override
    public void startNode(int nodeId) {
        running().start(service(nodeId));
    }

    private static Service service(int nodeId) {
        return NODES.get(nodeId / IDS_PER_SERVICE - 1);
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
