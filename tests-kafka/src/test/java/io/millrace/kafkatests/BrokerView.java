package io.millrace.kafkatests;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaBroker;
import kafka.server.KafkaConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.metadata.LeaderAndIsr;
import org.apache.kafka.metadata.MetadataCache;
import org.jspecify.annotations.Nullable;

/// A node as Kafka's tests see a broker, as far as that can be known from outside: how it was configured, and what it
/// tells clients about topics. Whoever looks further inside fails.
///
/// Threads: the test's.
final class BrokerView {
    private final OutsideCluster cluster;
    private final int nodeId;

    private BrokerView(OutsideCluster cluster, int nodeId) {
        this.cluster = cluster;
        this.nodeId = nodeId;
    }

    static KafkaBroker of(OutsideCluster cluster, int nodeId) {
        BrokerView view = new BrokerView(cluster, nodeId);
        return proxy(KafkaBroker.class, (self, method, arguments) -> switch (method.getName()) {
            case "config" -> view.config();
            case "clusterId" -> cluster.clusterId();
            case "boundPort" -> cluster.port(nodeId);
            case "isShutdown" -> !cluster.isRunning(nodeId);
            case "metadataCache" -> view.metadataCache();
            case "groupCoordinator" -> view.groupCoordinator();
            case "startup" -> view.startUp();
            // Whoever shut it down waited.
            case "awaitShutdown" -> null;
            case "shutdown" -> view.shutDown();
            default -> object(self, method.getName());
        });
    }

    private KafkaConfig config() {
        Map<String, String> properties = new HashMap<>(cluster.config().serverProperties());
        properties.put("process.roles", "broker");
        properties.put("node.id", Integer.toString(nodeId));
        properties.put("controller.quorum.bootstrap.servers", "127.0.0.1:1");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.putIfAbsent("unstable.api.versions.enable", "true");
        return new KafkaConfig(properties, false);
    }

    private MetadataCache metadataCache() {
        return proxy(MetadataCache.class, (self, method, arguments) -> switch (method.getName()) {
            case "numPartitions" ->
                cluster.describe((String) arguments[0])
                        .map(topic -> topic.partitions().size());
            case "getLeaderAndIsr" -> leaderAndIsr((String) arguments[0], (int) arguments[1]);
            default -> object(self, method.getName());
        });
    }

    private Optional<LeaderAndIsr> leaderAndIsr(String topic, int partition) {
        return cluster.describe(topic)
                .map(TopicDescription::partitions)
                .filter(partitions -> partition < partitions.size())
                .map(partitions -> partitions.get(partition))
                .map(BrokerView::leaderAndIsr);
    }

    private static LeaderAndIsr leaderAndIsr(TopicPartitionInfo partition) {
        List<Integer> isr = partition.isr().stream().map(Node::id).toList();
        return new LeaderAndIsr(partition.leader().id(), isr);
    }

    /// Of the topic that Kafka keeps group state in, and that some tests create.
    private GroupCoordinator groupCoordinator() {
        return proxy(GroupCoordinator.class, (self, method, arguments) -> {
            if (!method.getName().equals("groupMetadataTopicConfigs")) {
                return object(self, method.getName());
            }
            Properties configs = new Properties();
            configs.put("cleanup.policy", "compact");
            configs.put("compression.type", "producer");
            return configs;
        });
    }

    private @Nullable Object startUp() {
        cluster.startBroker(nodeId);
        return null;
    }

    private @Nullable Object shutDown() {
        cluster.shutdownBroker(nodeId);
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object object(Object self, String method) {
        return switch (method) {
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "a node seen from outside";
            default -> throw new UnsupportedOperationException(method + " cannot be seen from outside");
        };
    }
}
