package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.FaultInjection;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A force or a write that fails: nothing is acknowledged after it, the process ends and says why, and what was
/// acknowledged is there after the next start.
@WithCluster
final class FailingDiskIT {
    private static final int EX_IOERR = 74;

    private final MillraceCluster cluster;
    private final Clients clients;

    FailingDiskIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @ParameterizedTest
    @CsvSource({"force, 'fdatasync,fsync'", "write, pwrite64"})
    void whatFailsAcknowledgesNothingAndEndsTheProcess(String what, String calls) {
        String topic = "failing-" + what;
        clients.createTopic(topic, 1);
        List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
        ServiceProcess store = cluster.process(Service.WAL_STORE);

        try (Load load =
                new Load(topic, clients.producer(), Seed.print("FailingDiskIT").random())) {
            try (SteadyLoad steady = SteadyLoad.start(load, partition, 300)) {
                steady.awaitAcknowledged(200);
                try (FaultInjection injection = FaultInjection.failing(store, calls, "EIO")) {
                    int code = store.awaitExit(Duration.ofSeconds(60));

                    assertThat(injection.hasStruck()).isTrue();
                    assertThat(code).isEqualTo(EX_IOERR);
                    assertThat(store.logTail(200))
                            .contains("The log failed at ")
                            .containsIgnoringCase("input/output error")
                            .contains("Nothing was acknowledged after it");
                }
                int acknowledgedBefore = load.journal().size();
                cluster.awaitReady(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);
                assertThat(load.journal().size()).isEqualTo(acknowledgedBefore);

                cluster.start(Service.WAL_STORE);
                steady.awaitAcknowledged(200);
            }
            load.flush();

            assertThat(load.failures()).isEmpty();
            Comparison.of(load.journal().entries(), new Reading(clients).journal(topic))
                    .assertEqual();
        }
    }
}
