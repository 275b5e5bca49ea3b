package io.millrace.kafka.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.model.PartitionId;
import io.millrace.model.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RoutingViewTest {

    private static final TopicId TOPIC = new TopicId(11, 12);

    @Test
    void everyLeaderIsAmongTheNodes() {
        RoutingView view = view(4, 3, 1);

        List<Integer> nodes = view.nodes().stream().map(Instance::nodeId).toList();

        assertThat(partitions(1_000)).allSatisfy(partition -> assertThat(nodes).containsAll(view.replicas(partition)));
    }

    @Test
    void partitionsSpreadOverTheIngestNodes() {
        RoutingView view = view(4, 0, 0);

        for (int node = 1000; node < 1004; node++) {
            int id = node;
            long led = partitions(4_000).stream()
                    .filter(partition -> view.replicas(partition).getFirst() == id)
                    .count();
            assertThat(led).isBetween(800L, 1_200L);
        }
    }

    @Test
    void aNodeThatLeavesMovesOnlyItsOwnPartitions() {
        RoutingView four = view(4, 0, 0);
        RoutingView three = view(3, 0, 0);

        assertThat(partitions(1_000))
                .filteredOn(partition -> four.replicas(partition).getFirst() != 1003)
                .allSatisfy(partition -> assertThat(three.replicas(partition)).isEqualTo(four.replicas(partition)));
    }

    @Test
    void fetchNodesAreFurtherReplicasBehindTheLeader() {
        RoutingView view = view(1, 2, 1);

        assertThat(view.replicas(new PartitionId(TOPIC, 0))).containsExactly(1000, 2000, 2001);
        assertThat(view.controller()).map(Instance::nodeId).contains(1000);
        assertThat(view.groupCoordinator()).map(Instance::nodeId).contains(3000);
    }

    @Test
    void withoutAnIngestNodeThereIsNoLeaderAndNoReplica() {
        Instance self = instance(ServiceKind.FETCH, 0);

        RoutingView view = RoutingView.now(kind -> List.of(), self);

        assertThat(view.replicas(new PartitionId(TOPIC, 0))).isEmpty();
        assertThat(view.controller()).isEmpty();
        assertThat(view.nodes()).containsExactly(self);
    }

    @Test
    void theInstanceThatAnswersIsThereOnce() {
        Instance self = instance(ServiceKind.INGEST, 1);

        RoutingView view = RoutingView.now(
                kind -> kind == ServiceKind.INGEST
                        ? List.of(instance(ServiceKind.INGEST, 1), instance(ServiceKind.INGEST, 0))
                        : List.of(),
                self);

        assertThat(view.nodes()).extracting(Instance::nodeId).containsExactly(1000, 1001);
    }

    private static RoutingView view(int ingest, int fetch, int coordinators) {
        return RoutingView.now(
                kind -> switch (kind) {
                    case INGEST -> instances(kind, ingest);
                    case FETCH -> instances(kind, fetch);
                    case OFFSET_COORDINATOR -> instances(kind, coordinators);
                    case WAL_STORE -> List.of();
                },
                instance(ServiceKind.INGEST, 0));
    }

    private static List<Instance> instances(ServiceKind kind, int count) {
        return IntStream.range(0, count).mapToObj(i -> instance(kind, i)).toList();
    }

    private static List<PartitionId> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PartitionId(TOPIC, i))
                .toList();
    }

    private static Instance instance(ServiceKind kind, int ordinal) {
        return new Instance(
                kind,
                ordinal,
                "first",
                "127.0.0.1",
                7000,
                Optional.of(new HostPort("127.0.0.1", 9000 + ordinal)),
                "test");
    }
}
