package io.millrace.api.instances;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Map;

/// Instances at configured addresses.
///
/// Threads: from any thread.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class StaticInstances implements Instances {
    public StaticInstances(InstanceProbe probe, Map<ServiceKind, List<HostPort>> addresses) {}

    @Override
    public List<Instance> live(ServiceKind kind) {
        throw new UnsupportedOperationException("in the next commit");
    }

    @Override
    public Multi<List<Instance>> changes() {
        throw new UnsupportedOperationException("in the next commit");
    }

    @Override
    public void suspect(Instance instance) {
        throw new UnsupportedOperationException("in the next commit");
    }

    @Override
    public void close() {}
}
