package io.millrace.kafkatests;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.test.api.ClusterConfig;

/// What the tests run against.
///
/// Threads: one.
interface Target {

    /// Makes a cluster without topics and groups ready that has what a test asks for, as far as it can be had.
    void begin(ClusterConfig config);

    /// The test is over.
    void end();

    /// Waits until all nodes know what any of them was told.
    void settle();

    String bootstrapServers();

    String bootstrapControllers();

    /// The ids by which the nodes can be stopped and started, also of those that are stopped.
    List<Integer> nodeIds();

    /// Where the nodes listen; at the first one groups are coordinated.
    List<Integer> ports();

    int port(int nodeId);

    /// Configurations that a topic of the test must be given, because the cluster has no such default.
    Map<String, String> topicDefaults(ClusterConfig config);

    boolean isRunning(int nodeId);

    void stopNode(int nodeId);

    void startNode(int nodeId);
}
