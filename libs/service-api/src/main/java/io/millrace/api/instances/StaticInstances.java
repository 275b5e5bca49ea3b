package io.millrace.api.instances;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Multi;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Instances at configured addresses.
///
/// Threads: all methods from any thread.
public final class StaticInstances implements Instances {

    private final InstanceProbe probe;

    /// Starts to ask at once.
    public StaticInstances(InstanceProbe probe, Map<ServiceKind, List<HostPort>> addresses) {
        this.probe = probe;
        Set<InstanceProbe.Place> places = new HashSet<>();
        addresses.forEach((kind, list) -> list.forEach(address -> places.add(new InstanceProbe.Place(kind, address))));
        probe.watch(places);
    }

    @Override
    public List<Instance> live(ServiceKind kind) {
        return probe.live(kind);
    }

    @Override
    public Multi<List<Instance>> changes() {
        return probe.all().changes();
    }

    @Override
    public void suspect(Instance instance) {
        probe.suspect(instance);
    }

    @Override
    public void close() {
        probe.close();
    }
}
