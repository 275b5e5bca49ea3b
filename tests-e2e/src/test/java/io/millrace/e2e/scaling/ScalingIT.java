package io.millrace.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Follower;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.LaunchedCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.journal.Comparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Instances of ingest and of fetch come, go and die while an idempotent producer and eight consumers go on.
///
/// Source: failures F10, F23, F25; DESIGN, "What a user touches".
final class ScalingIT {
    private static final int PARTITIONS = 8;
    private static final int CONSUMERS = 8;
    private static final int STEP = 1_000;

    private final List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition("scaled", partition))
            .toList();

    @TempDir
    private Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private LaunchedCluster cluster;

    @BeforeEach
    void start() {
        cluster = LaunchedCluster.up("scaled", Map.of(), temporary);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nothingIsLostRepeatedOrHiddenWhileInstancesComeAndGo() {
        Clients clients = new Clients(cluster.bootstrap());
        clients.createTopic("scaled", PARTITIONS);
        List<Follower> followers = new ArrayList<>();
        try (Load load = new Load("scaled", clients.producer(), new Random(7))) {
            try (SteadyLoad steady = SteadyLoad.start(load, partitions, 1_000)) {
                IntStream.range(0, CONSUMERS).forEach(_ -> followers.add(Follower.start(clients, partitions)));
                steady.awaitAcknowledged(STEP);
                cluster.scale(Service.INGEST, 4);
                awaitNodes(clients, Set.of(1000, 1001, 1002, 1003), Set.of(2000));
                cluster.scale(Service.FETCH, 4);
                awaitNodes(clients, Set.of(1000, 1001, 1002, 1003), Set.of(2000, 2001, 2002, 2003));
                steady.awaitAcknowledged(STEP);
                cluster.kill("fetch-1");
                steady.awaitAcknowledged(STEP);
                cluster.up("fetch-1");
                cluster.scale(Service.FETCH, 1);
                cluster.scale(Service.INGEST, 1);
                awaitNodes(clients, Set.of(1000), Set.of(2000));
                steady.awaitAcknowledged(STEP);
            }
            load.flush();
            Map<TopicPartition, Long> ends = new Reading(clients).ends("scaled");

            assertThat(load.failures()).isEmpty();
            for (Follower follower : followers) {
                follower.awaitEnds(ends);
                follower.close();
                Comparison.of(load.journal().entries(), follower.journal().entries())
                        .assertEqual();
            }
        }
    }

    /// The leaders are spread over the ingest instances, and the live fetch instances are further replicas.
    private void awaitNodes(Clients clients, Set<Integer> ingest, Set<Integer> fetch) {
        Set<Integer> replicas = new TreeSet<>(fetch);
        replicas.addAll(ingest);
        Awaitility.await("the nodes are " + replicas).until(() -> {
            Set<Integer> seen = new TreeSet<>();
            try (var consumer = clients.consumer(Map.of())) {
                consumer.partitionsFor("scaled").forEach(partition -> {
                    seen.add(partition.leader().id());
                    for (Node replica : partition.replicas()) {
                        seen.add(replica.id());
                    }
                });
            }
            return replicas.containsAll(seen) && seen.containsAll(fetch);
        });
    }
}
