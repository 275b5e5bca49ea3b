package org.apache.kafka.common.test.junit;

import io.millrace.kafkatests.OutsideCluster;
import java.util.List;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.apache.kafka.common.test.api.Type;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/// One invocation of a test of Kafka's, with a cluster that is not of this process.
///
/// Kafka's extension makes it by this name and constructor; Kafka's own class starts brokers in the tests' process.
public final class RaftClusterInvocationContext implements TestTemplateInvocationContext {
    private final String name;
    private final ClusterConfig config;
    private final Type type;

    public RaftClusterInvocationContext(String name, ClusterConfig config, boolean isCombined) {
        this.name = name;
        this.config = config;
        type = isCombined ? Type.CO_KRAFT : Type.KRAFT;
    }

    @Override
    public String getDisplayName(int index) {
        return name + " [" + index + "] " + String.join(",", config.displayTags());
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        OutsideCluster cluster = new OutsideCluster(config, type);
        return List.of(
                (ExecutionCondition) context -> condition(),
                (BeforeEachCallback) context -> {
                    cluster.prepare();
                    if (config.isAutoStart()) {
                        cluster.start();
                    }
                },
                (AfterTestExecutionCallback) context -> cluster.stop(),
                new ClusterInstanceParameterResolver(cluster));
    }

    /// Whether brokers and controllers share processes cannot be seen from outside: once is enough.
    private ConditionEvaluationResult condition() {
        boolean isRepetition = type == Type.CO_KRAFT && config.clusterTypes().contains(Type.KRAFT);
        return isRepetition
                ? ConditionEvaluationResult.disabled("the same as with separate controllers")
                : ConditionEvaluationResult.enabled("");
    }
}
