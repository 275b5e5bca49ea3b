package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Follower;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Entry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One idempotent producer instance and one consumer go on while services are killed, ended and stopped under them.
///
/// Source: failures F05 (lost at shutdown), F06 (written twice), F18 (a reader sent out of range), F41 (an idempotent
/// producer refused after a restart); the restart matrix of the failure list.
@WithCluster
final class FaultDuringProduceIT {
    private static final int PARTITIONS = 3;
    private static final int VALUE_BYTES_MAX = 400;
    private static final Duration PAUSE = Tier.length(Duration.ofSeconds(4), Duration.ofSeconds(30));

    private final MillraceCluster cluster;
    private final Clients clients;

    enum Kind {
        SIGKILL,
        SIGTERM,
        SIGSTOP;

        /// A stop is long, and each is alike.
        int rounds() {
            return this == SIGSTOP ? Tier.rounds(1, 4) : Tier.rounds(1, 20);
        }
    }

    /// @param services all at once
    record Fault(Kind kind, List<Service> services) {
        String topic() {
            return ("fault-" + kind + "-" + services.size()
                            + services.getFirst().id())
                    .toLowerCase(java.util.Locale.ROOT);
        }

        void strike(MillraceCluster cluster) {
            Service[] targets = services.toArray(Service[]::new);
            switch (kind) {
                case SIGKILL -> {
                    cluster.kill(targets);
                    cluster.start(targets);
                }
                case SIGTERM -> {
                    cluster.terminate(targets);
                    cluster.start(targets);
                }
                case SIGSTOP -> {
                    services.forEach(cluster::pause);
                    LockSupport.parkNanos(PAUSE.toNanos());
                    services.forEach(cluster::resume);
                    cluster.awaitReady(targets);
                }
            }
        }
    }

    FaultDuringProduceIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    static Stream<Fault> faults() {
        Stream<Fault> each = Arrays.stream(Kind.values())
                .flatMap(kind -> Arrays.stream(Service.values()).map(service -> new Fault(kind, List.of(service))));
        List<Service> all = List.of(Service.values());
        return Stream.concat(each, Stream.of(new Fault(Kind.SIGKILL, all), new Fault(Kind.SIGTERM, all)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nothingIsLostDuplicatedOrReordered(Fault fault) {
        Random random = Seed.print("FaultDuringProduceIT " + fault).random();
        clients.createTopic(fault.topic(), PARTITIONS);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(fault.topic(), partition))
                .toList();

        try (Load load = new Load(fault.topic(), clients.producerWith(Map.of("linger.ms", 1)), random);
                Follower follower = Follower.start(clients, partitions)) {
            try (SteadyLoad steady = SteadyLoad.start(load, partitions, VALUE_BYTES_MAX)) {
                for (int round = 0; round < fault.kind().rounds(); round++) {
                    steady.awaitAcknowledged(100 + random.nextInt(200));
                    fault.strike(cluster);
                    steady.awaitAcknowledged(100);
                }
            }
            load.flush();

            List<Entry> acknowledged = load.journal().entries();
            assertThat(load.failures()).isEmpty();
            assertThat(acknowledged).hasSize((int) load.sent());
            Reading reading = new Reading(clients);
            Comparison.of(acknowledged, reading.journal(fault.topic())).assertEqual();
            follower.awaitEnds(reading.ends(fault.topic()));
            Comparison.of(acknowledged, follower.journal().entries()).assertEqual();
        }
    }
}
