package io.millrace.kafka.handlers;

import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.model.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Which Kafka node does what, at one moment: what `Metadata` and `FindCoordinator` tell clients.
///
/// Every ingest node takes records of every partition, so leadership only spreads the load: the leader of a
/// partition is the live ingest node with the largest rendezvous hash, and a node that joins or leaves moves no
/// other partition. Live fetch nodes appear as further in-sync replicas, because clients follow a redirect to a
/// replica only.
///
/// Threads: immutable; make one per request, it costs one small list for each kind of service.
/// Source: KIP-392; Thaler and Ravishankar, "Using name-based mappings to increase hit rates" (1998).
public final class RoutingView {

    private final List<Instance> ingest;
    private final List<Instance> fetch;
    private final List<Instance> coordinators;

    private RoutingView(List<Instance> ingest, List<Instance> fetch, List<Instance> coordinators) {
        this.ingest = ingest;
        this.fetch = fetch;
        this.coordinators = coordinators;
    }

    /// The view as of now.
    ///
    /// @param live the instances of a service that are alive, in any order
    /// @param self the instance that answers: it is alive, whether or not its peers have noticed
    public static RoutingView now(Function<ServiceKind, List<Instance>> live, Instance self) {
        return new RoutingView(
                listening(live, ServiceKind.INGEST, self),
                listening(live, ServiceKind.FETCH, self),
                listening(live, ServiceKind.OFFSET_COORDINATOR, self));
    }

    /// All Kafka nodes, by node id.
    public List<Instance> nodes() {
        List<Instance> nodes = new ArrayList<>(ingest.size() + fetch.size() + coordinators.size());
        nodes.addAll(ingest);
        nodes.addAll(fetch);
        nodes.addAll(coordinators);
        return nodes;
    }

    /// The node to which clients send what concerns the whole cluster.
    public Optional<Instance> controller() {
        return ingest.isEmpty() ? Optional.empty() : Optional.of(ingest.getFirst());
    }

    /// The node to which clients send records of this partition, if any ingest node is alive.
    public Optional<Instance> leader(PartitionId partitionId) {
        Instance leader = null;
        long largest = Long.MIN_VALUE;
        for (Instance candidate : ingest) {
            long weight = weight(partitionId, candidate.nodeId());
            if (leader == null || weight > largest) {
                leader = candidate;
                largest = weight;
            }
        }
        return Optional.ofNullable(leader);
    }

    /// Live fetch nodes: the replicas of every partition that may be named as preferred for reading.
    public List<Instance> readReplicas() {
        return fetch;
    }

    /// Node ids of the partition's replicas, the leader first; empty without a leader.
    public List<Integer> replicas(PartitionId partitionId) {
        List<Integer> replicas = new ArrayList<>(1 + fetch.size());
        leader(partitionId).ifPresent(leader -> {
            replicas.add(leader.nodeId());
            fetch.forEach(node -> replicas.add(node.nodeId()));
        });
        return replicas;
    }

    /// The node that coordinates groups: the one with the lowest ordinal, since others hold no shard yet and stay not
    /// ready.
    public Optional<Instance> groupCoordinator() {
        return coordinators.isEmpty() ? Optional.empty() : Optional.of(coordinators.getFirst());
    }

    private static List<Instance> listening(
            Function<ServiceKind, List<Instance>> live, ServiceKind kind, Instance self) {
        List<Instance> nodes = new ArrayList<>();
        for (Instance instance : live.apply(kind)) {
            boolean isSelf = kind == self.kind() && instance.ordinal() == self.ordinal();
            if (!isSelf && instance.kafka().isPresent()) {
                nodes.add(instance);
            }
        }
        if (self.kind() == kind) {
            nodes.add(self);
        }
        nodes.sort(Comparator.comparingInt(Instance::ordinal));
        return List.copyOf(nodes);
    }

    /// The finalizer of SplitMix64, which spreads ids that differ in a few low bits over all 64.
    private static long weight(PartitionId partitionId, int nodeId) {
        long hash = partitionId.topicId().mostSignificantBits() * 0x9E3779B97F4A7C15L
                ^ partitionId.topicId().leastSignificantBits();
        hash ^= ((long) partitionId.partition() << 32 | nodeId) * 0xD1B54A32D192ED03L;
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
