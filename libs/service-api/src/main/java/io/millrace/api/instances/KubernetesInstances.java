package io.millrace.api.instances;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Multi;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/// Instances in the pods that carry our labels: watching tells which addresses there are, asking tells who lives.
///
/// An API server that cannot be reached is tried again for ever; what was known stays known meanwhile.
///
/// Threads: all methods from any thread; pods are told on the client's threads.
public final class KubernetesInstances implements Instances {

    private static final Logger LOG = Logger.getLogger(KubernetesInstances.class);
    private static final long NO_RESYNC = 0;

    private final InstanceProbe probe;
    private final PodSelection selection;
    private final SharedIndexInformer<Pod> informer;

    /// Guards the places, and the order in which they are handed on.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, InstanceProbe.Place> placesByPod = new HashMap<>();

    /// Starts to watch at once.
    public KubernetesInstances(KubernetesClient kubernetes, InstanceProbe probe, PodSelection selection) {
        this.probe = probe;
        this.selection = selection;
        this.informer = kubernetes
                .pods()
                .inNamespace(selection.namespace())
                .withLabel(PodSelection.PART_OF_LABEL, selection.partOf())
                .runnableInformer(NO_RESYNC)
                .addEventHandler(new PodHandler());
        informer.exceptionHandler((_, failure) -> {
            LOG.warnf("pods cannot be watched, trying again reason=%s", failure.getMessage());
            return true;
        });
        informer.start().exceptionally(failure -> {
            LOG.warnf("watching pods did not start reason=%s", failure.getMessage());
            return null;
        });
    }

    private final class PodHandler implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            changed(pod, place(pod));
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            changed(pod, place(pod));
        }

        @Override
        public void onDelete(Pod pod, boolean isFinalStateUnknown) {
            changed(pod, Optional.empty());
        }
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
        informer.stop();
        probe.close();
    }

    private void changed(Pod pod, Optional<InstanceProbe.Place> place) {
        lock.lock();
        try {
            String name = pod.getMetadata().getName();
            Optional<InstanceProbe.Place> before = Optional.ofNullable(placesByPod.get(name));
            if (!before.equals(place)) {
                place.ifPresentOrElse(it -> placesByPod.put(name, it), () -> placesByPod.remove(name));
                probe.watch(new HashSet<>(placesByPod.values()));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nowhere while the pod has no address, and for pods that are no service of ours.
    private Optional<InstanceProbe.Place> place(Pod pod) {
        String component = pod.getMetadata().getLabels().getOrDefault(PodSelection.COMPONENT_LABEL, "");
        Optional<String> address = Optional.ofNullable(pod.getStatus())
                .map(status -> status.getPodIP())
                .filter(ip -> !ip.isBlank());
        return ServiceKind.ofLabel(component)
                .flatMap(kind -> address.map(ip -> new InstanceProbe.Place(kind, new HostPort(ip, port(pod)))));
    }

    private int port(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> PodSelection.PORT_NAME.equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(selection.internalPort());
    }
}
