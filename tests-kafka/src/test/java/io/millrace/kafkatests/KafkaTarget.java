package io.millrace.kafkatests;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import kafka.server.BrokerServer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// Apache Kafka itself, a new cluster for each test.
///
/// Threads: one.
final class KafkaTarget implements Target {
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private @Nullable KafkaClusterTestKit kit;

    @Override
    public void begin(ClusterConfig config) {
        KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(nodes(config));
        config.serverProperties().forEach(builder::setConfigProp);
        builder.setStandalone(config.standalone());
        try {
            kit = builder.build();
            kit.format();
            kit.startup();
            kit.waitForReadyBrokers();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (Exception failed) {
            end();
            throw new IllegalStateException("Kafka does not start", failed);
        }
    }

    @Override
    public void end() {
        if (kit == null) {
            return;
        }
        try {
            kit.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            throw new IllegalStateException("Kafka does not stop", failed);
        } finally {
            kit = null;
        }
    }

    @Override
    public void settle() {
        long end = running().controllers().values().stream()
                .mapToLong(controller ->
                        controller.raftManager().raftLog().endOffset().offset() - 1)
                .max()
                .orElseThrow();
        Awaitility.await("every broker has the metadata before " + end)
                .pollInSameThread()
                .atMost(SETTLE)
                .pollDelay(Duration.ZERO)
                .until(() -> running().brokers().values().stream()
                        .filter(broker -> !broker.isShutdown())
                        .allMatch(broker -> broker.sharedServer().loader().lastAppliedOffset() >= end));
    }

    @Override
    public String bootstrapServers() {
        return running().bootstrapServers();
    }

    @Override
    public String bootstrapControllers() {
        return running().bootstrapControllers();
    }

    @Override
    public List<Integer> nodeIds() {
        return List.copyOf(new TreeSet<>(running().brokers().keySet()));
    }

    @Override
    public List<Integer> ports() {
        return nodeIds().stream().map(this::port).toList();
    }

    @Override
    public int port(int nodeId) {
        return broker(nodeId).boundPort(broker(nodeId).config().interBrokerListenerName());
    }

    /// The brokers have them.
    @Override
    public Map<String, String> topicDefaults(ClusterConfig config) {
        return Map.of();
    }

    @Override
    public boolean isRunning(int nodeId) {
        return !broker(nodeId).isShutdown();
    }

    @Override
    public void stopNode(int nodeId) {
        broker(nodeId).shutdown();
    }

    @Override
    public void startNode(int nodeId) {
        broker(nodeId).startup();
    }

    private static TestKitNodes nodes(ClusterConfig config) {
        return new TestKitNodes.Builder()
                .setBootstrapMetadata(
                        BootstrapMetadata.fromVersions(config.metadataVersion(), features(config), "testkit"))
                .setNumBrokerNodes(config.numBrokers())
                .setNumDisksPerBroker(config.numDisksPerBroker())
                .setPerServerProperties(config.perServerOverrideProperties())
                .setNumControllerNodes(config.numControllers())
                .setBrokerListenerName(config.brokerListenerName())
                .setBrokerSecurityProtocol(config.brokerSecurityProtocol())
                .setControllerListenerName(config.controllerListenerName())
                .setControllerSecurityProtocol(config.controllerSecurityProtocol())
                .build();
    }

    private static Map<String, Short> features(ClusterConfig config) {
        Map<String, Short> features = new TreeMap<>();
        for (Feature feature : Feature.PRODUCTION_FEATURES) {
            features.put(feature.featureName(), feature.defaultLevel(config.metadataVersion()));
        }
        config.features().forEach((feature, level) -> features.put(feature.featureName(), level));
        features.put(MetadataVersion.FEATURE_NAME, config.metadataVersion().featureLevel());
        return features;
    }

    private BrokerServer broker(int nodeId) {
        return Objects.requireNonNull(running().brokers().get(nodeId));
    }

    private KafkaClusterTestKit running() {
        return Objects.requireNonNull(kit, "no test runs");
    }
}
