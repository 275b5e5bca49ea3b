package io.millrace.kafkatests;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import kafka.server.ControllerServer;
import kafka.server.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.test.ClusterInstance;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.apache.kafka.common.test.api.Type;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.awaitility.Awaitility;

/// A cluster as Kafka's tests see it, without a look inside.
///
/// `controllers()` is empty, so whoever waits for all of them waits for nothing; where that would let a test run ahead,
/// the wait is done here, by asking as a client.
///
/// Threads: the test's.
public final class OutsideCluster implements ClusterInstance {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ClusterConfig config;
    private final Type type;
    private final Target target = Targets.current();
    private boolean isStarted;
    private boolean isStopped;

    public OutsideCluster(ClusterConfig config, Type type) {
        this.config = config;
        this.type = type;
    }

    /// To be called once, before the test.
    public void prepare() {
        target.begin(config);
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public ClusterConfig config() {
        return config;
    }

    /// By number, as Kafka's test clusters number their nodes: from 0.
    @Override
    public Map<Integer, KafkaBroker> brokers() {
        Map<Integer, KafkaBroker> brokers = new LinkedHashMap<>();
        target.nodeIds().forEach(id -> brokers.put(brokers.size(), BrokerView.of(this, id)));
        return brokers;
    }

    @Override
    public List<Integer> brokerBoundPorts() {
        return target.ports();
    }

    @Override
    public Map<Integer, ControllerServer> controllers() {
        return Map.of();
    }

    @Override
    public Set<Integer> brokerIds() {
        return new LinkedHashSet<>(target.nodeIds());
    }

    @Override
    public Set<Integer> controllerIds() {
        return Set.of();
    }

    @Override
    public ListenerName clientListener() {
        return config.brokerListenerName();
    }

    @Override
    public ListenerName controllerListenerName() {
        return config.controllerListenerName();
    }

    @Override
    public String bootstrapServers() {
        return target.bootstrapServers();
    }

    @Override
    public String bootstrapControllers() {
        return target.bootstrapControllers();
    }

    @Override
    public String clusterId() {
        try (Admin admin = admin()) {
            return admin.describeCluster().clusterId().get();
        } catch (ExecutionException failed) {
            throw new AssertionError("the cluster does not say its id", failed.getCause());
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    @Override
    public Set<GroupProtocol> supportedGroupProtocols() {
        return Set.of(GroupProtocol.CLASSIC, GroupProtocol.CONSUMER);
    }

    @Override
    public Optional<FaultHandlerException> firstFatalException() {
        return Optional.empty();
    }

    @Override
    public Optional<FaultHandlerException> firstNonFatalException() {
        return Optional.empty();
    }

    @Override
    public void start() {
        isStarted = true;
    }

    @Override
    public boolean started() {
        return isStarted;
    }

    @Override
    public void stop() {
        if (!isStopped) {
            isStopped = true;
            target.end();
        }
    }

    @Override
    public boolean stopped() {
        return isStopped;
    }

    @Override
    public void shutdownBroker(int brokerId) {
        target.stopNode(nodeId(brokerId));
    }

    @Override
    public void startBroker(int brokerId) {
        target.startNode(nodeId(brokerId));
    }

    boolean isRunning(int brokerId) {
        return target.isRunning(brokerId);
    }

    int port(int brokerId) {
        return target.port(brokerId);
    }

    @Override
    public void waitForReadyBrokers() {
        // The target waited.
    }

    /// Kafka's own does not look at the result and waits for the brokers that it sees.
    @Override
    public void createTopic(String topic, int partitions, short replicas, Map<String, String> configs) {
        try (Admin admin = admin()) {
            Map<String, String> all = new LinkedHashMap<>(target.topicDefaults(config));
            all.putAll(configs);
            admin.createTopics(List.of(new NewTopic(topic, partitions, replicas).configs(all)))
                    .all()
                    .get();
            waitTopicCreation(topic, partitions);
        } catch (ExecutionException failed) {
            // Some tests create a topic twice.
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw new AssertionError("cannot create " + topic, failed.getCause());
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    @Override
    public void waitTopicCreation(String topic, int partitions) {
        await(
                topic + " has " + partitions + " partitions",
                topic,
                seen -> seen.isPresent() && seen.get() == partitions);
    }

    @Override
    public void waitTopicDeletion(String topic) {
        await(topic + " is gone", topic, Optional::isEmpty);
    }

    @Override
    public void ensureConsistentMetadata(Collection<KafkaBroker> brokers, Collection<ControllerServer> controllers) {
        target.settle();
    }

    private void await(String what, String topic, Predicate<Optional<Integer>> isTrue) {
        try (Admin admin = admin()) {
            Awaitility.await(what)
                    .pollInSameThread()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .until(() -> isTrue.test(describe(admin, topic)
                            .map(found -> found.partitions().size())));
        }
    }

    /// What clients are told about a topic; empty if there is none.
    Optional<TopicDescription> describe(String topic) {
        try (Admin admin = admin()) {
            return describe(admin, topic);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private static Optional<TopicDescription> describe(Admin admin, String topic) throws InterruptedException {
        try {
            return Optional.ofNullable(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw new AssertionError("cannot describe " + topic, failed.getCause());
        }
    }

    /// Kafka's test clusters number their nodes from 0; another cluster's nodes are taken in order.
    private int nodeId(int brokerId) {
        List<Integer> ids = target.nodeIds();
        if (ids.contains(brokerId)) {
            return brokerId;
        }
        if (brokerId < 0 || brokerId >= ids.size()) {
            throw new IllegalArgumentException("no node " + brokerId + " among " + ids);
        }
        return ids.get(brokerId);
    }

    private static IllegalStateException interrupted(InterruptedException interruption) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", interruption);
    }
}
