package io.millrace.runtime.rest;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.instances.Instances;
import io.millrace.runtime.ClusterIdGuard;
import io.millrace.runtime.RuntimeSettings;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The cluster as this instance sees it.
@Path("/api/v1/cluster")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "cluster")
final class ClusterResource {

    private final RuntimeSettings settings;
    private final Instances instances;
    private final ClusterIdGuard guard;

    ClusterResource(RuntimeSettings settings, Instances instances, ClusterIdGuard guard) {
        this.settings = settings;
        this.instances = instances;
        this.guard = guard;
    }

    @GET
    @NonBlocking
    @Operation(summary = "The instances of all services, with their versions, and which of them answer")
    public ClusterView cluster() {
        RuntimeSettings.Node node = settings.node();
        var self = new SelfView(node.kind().label(), node.ordinal(), node.incarnation(), node.version());
        List<InstanceView> views = new ArrayList<>();
        for (ServiceKind kind : ServiceKind.values()) {
            addTo(views, kind);
        }
        return new ClusterView(guard.clusterId().orElse(null), self, views);
    }

    private void addTo(List<InstanceView> views, ServiceKind kind) {
        List<Instance> live = instances.live(kind).stream()
                .sorted(Comparator.comparingInt(Instance::ordinal))
                .toList();
        Set<HostPort> answering = live.stream().map(Instance::internal).collect(Collectors.toSet());
        live.forEach(instance -> views.add(InstanceView.live(instance)));
        settings.silentPeers(kind, answering).forEach(address -> views.add(InstanceView.silent(kind, address)));
    }

    /// What this instance knows of the cluster.
    ///
    /// @param clusterId null until this instance has heard of the cluster
    public record ClusterView(@Nullable String clusterId, SelfView self, List<InstanceView> instances) {
        public ClusterView {
            instances = List.copyOf(instances);
        }
    }

    /// The instance that answers.
    public record SelfView(String service, int ordinal, String incarnation, String version) {}

    /// One instance; of one that does not answer only the address is known.
    public record InstanceView(
            String service,
            boolean live,
            String internal,
            @Nullable Integer ordinal,
            @Nullable Integer nodeId,
            @Nullable String kafka,
            @Nullable String incarnation,
            @Nullable String version) {

        static InstanceView live(Instance instance) {
            return new InstanceView(
                    instance.kind().label(),
                    true,
                    instance.internal().toString(),
                    instance.ordinal(),
                    instance.kind().isKafkaNode() ? instance.nodeId() : null,
                    instance.kafka().map(HostPort::toString).orElse(null),
                    instance.incarnation(),
                    instance.version());
        }

        static InstanceView silent(ServiceKind kind, HostPort address) {
            return new InstanceView(kind.label(), false, address.toString(), null, null, null, null, null);
        }
    }
}
