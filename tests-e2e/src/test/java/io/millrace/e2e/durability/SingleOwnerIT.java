package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A second process on a data directory that is in use refuses and says so; the first one does not notice.
///
/// Source: failure F07 (an old process still ran on the directory).
@WithCluster
final class SingleOwnerIT {
    private final MillraceCluster cluster;
    private final Clients clients;

    SingleOwnerIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"WAL_STORE", "OFFSET_COORDINATOR"})
    void aSecondProcessOnTheDirectoryEndsWithAMessage(Service owner) {
        ServiceProcess rival = cluster.rival(owner);
        String topic = "single-owner-" + owner.id();
        clients.createTopic(topic, 1);

        try (Load load = new Load("owner", clients.producer(), new Random(1))) {
            load.send(topic, 0, 100);
            MillraceCluster.launch(rival);
            int code = rival.awaitExit(Duration.ofSeconds(60));
            load.send(topic, 0, 100);
            load.flush();

            assertThat(code).isNotZero();
            assertThat(rival.logTail(60))
                    .contains(cluster.dataDirectory().resolve(owner.id()).toString());
            assertThat(cluster.isHealthy()).isTrue();
            Comparison.of(load.journal().entries(), new Reading(clients).journal(topic))
                    .assertEqual();
        }
    }
}
