package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Follower;
import io.millrace.e2e.client.KcatFollower;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.client.TailReader;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.MillraceCluster.KafkaNode;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One of two fetch instances is killed under many consumers, who are told of no error and soon read on elsewhere.
///
/// Source: failure F10; KIP-392; librdkafka, `rd_kafka_toppar_leader_update`.
final class FetchNodeLossIT {
    private static final String TOPIC = "loss";
    private static final int PARTITIONS = 8;
    private static final int JAVA_CONSUMERS = 16;
    private static final int KCAT_CONSUMERS = 4;
    private static final int STEP = 400;
    private static final int ROUNDS = Tier.rounds(1, 6);

    /// Readers that lost their instance are sent to one again a minute later.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration BACK_TO_NORMAL = Duration.ofSeconds(10);

    private final List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition(TOPIC, partition))
            .toList();
    private final List<TailReader> followers = new ArrayList<>();
    private final List<TailReader> kcats = new ArrayList<>();

    @AfterEach
    void stopReaders() {
        readers().forEach(TailReader::close);
    }

    private List<TailReader> readers() {
        return Stream.concat(followers.stream(), kcats.stream()).toList();
    }

    @Test
    void consumersOfAnInstanceThatIsKilledReadOnWithoutAnError() {
        ClusterOptions options = ClusterOptions.named("fetch-loss").withInstances(Service.FETCH, 2);
        try (MillraceCluster cluster = MillraceCluster.start(options)) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, PARTITIONS);
            // Some batches a second, so that it is not the fetches of so many consumers that keep the machine busy.
            Map<String, Object> settings = Map.of("linger.ms", 100);
            try (Load load = new Load(TOPIC, clients.producerWith(settings), new Random(9))) {
                try (SteadyLoad steady = SteadyLoad.start(load, partitions, 1_000)) {
                    awaitReplicas(clients);
                    startReaders(clients);
                    for (int round = 0; round < ROUNDS; round++) {
                        awaitReadersAtBoth(cluster);
                        steady.awaitAcknowledged(STEP);
                        KafkaNode victim = cluster.node(Service.FETCH, round % 2);
                        cluster.kill(victim);
                        awaitReadingOn(readers(), load);
                        cluster.start(victim);
                        // Who comes new is sent to the instance that has come back, too.
                        followers.add(Follower.start(clients, partitions));
                        awaitReadingOn(readers(), load);
                    }
                }
                load.flush();

                assertThat(load.failures()).isEmpty();
                await(readers(), load.journal().ends(), PATIENCE);
                readers().forEach(TailReader::close);
                readers().forEach(reader -> reader.assertRead(load.journal()));
            }
        }
    }

    /// Both instances are known to ingest, so that readers are sent to both.
    private static void awaitReplicas(Clients clients) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            Awaitility.await("both instances are replicas beside the leader")
                    .atMost(PATIENCE)
                    .until(() -> consumer.partitionsFor(TOPIC).getFirst().replicas().length == 3);
        }
    }

    private void startReaders(Clients clients) {
        IntStream.range(0, JAVA_CONSUMERS).forEach(_ -> followers.add(Follower.start(clients, partitions)));
        IntStream.range(0, KCAT_CONSUMERS).forEach(i -> kcats.add(KcatFollower.start(clients, "kcat-" + i, TOPIC)));
    }

    /// Which instance a client is sent to depends on the partition alone, so each client that is sent has some at
    /// either.
    private void awaitReadersAtBoth(MillraceCluster cluster) {
        Awaitility.await("all consumers read at both instances")
                .atMost(PATIENCE)
                .until(() -> IntStream.of(0, 1)
                        .mapToObj(ordinal -> cluster.node(Service.FETCH, ordinal))
                        .allMatch(node -> connections(node) >= followers.size()));
    }

    private static double connections(KafkaNode node) {
        return node.process().metrics().sum("millrace_listener_connections");
    }

    /// They read what is acknowledged from now on, of every partition.
    private void awaitReadingOn(List<TailReader> readers, Load load) {
        Map<TopicPartition, Long> beyond = partitions.stream()
                .collect(Collectors.toMap(
                        partition -> partition, partition -> load.journal().end(partition) + STEP / PARTITIONS));
        await(readers, beyond, BACK_TO_NORMAL);
    }

    private static void await(List<TailReader> readers, Map<TopicPartition, Long> ends, Duration atMost) {
        try {
            Awaitility.await("readers reach " + ends)
                    .atMost(atMost)
                    .until(() -> laggards(readers, ends).isEmpty());
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(laggards(readers, ends) + " did not reach " + ends + " in " + atMost, late);
        }
    }

    private static List<TailReader> laggards(List<TailReader> readers, Map<TopicPartition, Long> ends) {
        return readers.stream().filter(reader -> !reader.hasReached(ends)).toList();
    }
}
