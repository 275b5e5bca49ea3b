package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.cluster.WithCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// High watermarks and what ListOffsets says never go back, whoever is asked and whatever is restarted.
///
/// Source: failure F13.
@WithCluster
final class EndsThroughRestartsIT {
    private static final Duration LENGTH = Tier.length(Duration.ofMinutes(1), Duration.ofMinutes(10));

    private static final List<Service> SERVICES = List.of(Service.values());

    private final MillraceCluster cluster;
    private final Clients clients;

    EndsThroughRestartsIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void noEndGoesBack() {
        Random random = Seed.print("EndsThroughRestartsIT").random();
        clients.createTopic("ends", 1);
        RawTopic topic;
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            topic = RawTopic.find(connection, "ends");
        }
        AtomicLong told = new AtomicLong();

        try (Load load = new Load("ends", clients.producer(), random);
                EndWatch atIngest = EndWatch.start(cluster.kafka(Service.INGEST), topic, told);
                EndWatch atFetch = EndWatch.start(cluster.kafka(Service.FETCH), topic, told)) {
            try (SteadyLoad steady = SteadyLoad.start(load, List.of(new TopicPartition("ends", 0)), 200)) {
                long deadline = System.nanoTime() + LENGTH.toNanos();
                while (System.nanoTime() < deadline) {
                    Service struck = SERVICES.get(random.nextInt(SERVICES.size()));
                    steady.awaitAcknowledged(50 + random.nextInt(300));
                    cluster.kill(struck);
                    cluster.start(struck);
                }
                steady.awaitAcknowledged(100);
            }

            assertThat(load.failures()).isEmpty();
            assertThat(atIngest.faults()).isEmpty();
            assertThat(atFetch.faults()).isEmpty();
            assertThat(atIngest.answers()).isGreaterThan(100);
            assertThat(atFetch.answers()).isGreaterThan(100);
        }
    }
}
