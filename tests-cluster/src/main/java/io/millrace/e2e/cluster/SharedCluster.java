package io.millrace.e2e.cluster;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/// Starts one cluster for all classes that want it and stops it after the last test of the run.
///
/// Threads: JUnit's.
final class SharedCluster implements BeforeAllCallback, ParameterResolver, TestWatcher {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedCluster.class);

    /// What JUnit's root store keeps and closes.
    private static final class Holder implements AutoCloseable {
        private @Nullable MillraceCluster cluster;
        private int started;

        MillraceCluster healthy() {
            MillraceCluster current = cluster;
            if (current != null && current.isHealthy()) {
                return current;
            }
            close();
            started++;
            // As in Kafka's own tests: each first member of a group would wait 3 s for others.
            current = MillraceCluster.start(ClusterOptions.named("shared-" + started)
                    .with("millrace.offset-coordinator.group.initial-rebalance-delay", "0s"));
            cluster = current;
            return current;
        }

        @Override
        public void close() {
            MillraceCluster current = cluster;
            cluster = null;
            if (current != null) {
                current.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        holder(context).healthy();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MillraceCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return holder(context).healthy();
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        MillraceCluster cluster = holder(context).cluster;
        if (cluster != null) {
            System.out.println("after the failure of " + context.getDisplayName() + "\n" + cluster.logTails());
        }
    }

    private static Holder holder(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Holder.class, key -> new Holder(), Holder.class);
    }
}
