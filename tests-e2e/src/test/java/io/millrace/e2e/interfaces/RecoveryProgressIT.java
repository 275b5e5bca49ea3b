package io.millrace.e2e.interfaces;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.cluster.FaultInjection;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// A start on a slow disk: how far it is can be seen in the startup probe and over REST, and it counts as alive and not
/// as ready.
///
/// Source: failure F42 (unclean stop, long recovery, the probe kills the pod, in a loop).
@WithCluster
final class RecoveryProgressIT {
    private static final int RECORDS = 300;
    private static final int RECORD_BYTES = 100_000;
    /// So slow that much is still to be read when the process has come up to answer, on any machine.
    private static final Duration READ = Duration.ofMillis(250);

    private final MillraceCluster cluster;

    RecoveryProgressIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void theProgressOfARecoveryIsSeen() throws IOException {
        produce();
        cluster.kill(Service.WAL_STORE);
        List<Long> seen = new ArrayList<>();

        cluster.launch(Service.WAL_STORE);
        // It waits before it has read anything, until its reads are slow.
        cluster.pause(Service.WAL_STORE);
        try (FaultInjection slow =
                FaultInjection.delaying(cluster.process(Service.WAL_STORE), "pread64", READ, segments())) {
            cluster.resume(Service.WAL_STORE);
            Awaitility.await("progress is seen")
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreException(ConnectException.class)
                    .until(() -> {
                        note(seen);
                        return seen.size() > 2;
                    });
            assertThat(slow.hasStruck()).isTrue();
        }
        cluster.awaitReady(Service.WAL_STORE);

        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    private void produce() {
        Clients clients = new Clients(cluster.bootstrap());
        clients.createTopic("recovery-progress", 1);
        try (Load load = new Load("recovery-progress", clients.producer(), new Random(1))) {
            for (int i = 0; i < RECORDS; i++) {
                load.send("recovery-progress", 0, RECORD_BYTES);
            }
            load.flush();
            assertThat(load.failures()).isEmpty();
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(cluster.dataDirectory().resolve("wal-store"))) {
            return files.filter(file -> file.toString().endsWith(".segment")).toList();
        }
    }

    /// What a kubelet asks, and what a person does.
    private void note(List<Long> seen) {
        JsonPath started = get("/q/health/started").jsonPath();
        String progress = "checks.find { it.name == 'wal progress' }.data.";
        if (started.get(progress + "recoveredBytes") != null) {
            assertThat(started.getString("status")).isEqualTo("UP");
            long bytes = started.getLong(progress + "recoveredBytes");
            if (bytes > 0 && !seen.contains(bytes)) {
                assertThat(started.getLong(progress + "recoveryBytesTotal")).isGreaterThanOrEqualTo(bytes);
                seen.add(bytes);
                if (seen.size() == 1) {
                    // Most of it is still to come.
                    noteRest();
                }
            }
        }
    }

    private void noteRest() {
        Response wal = get("/api/v1/wal");
        assertThat(wal.statusCode()).isEqualTo(503);
        assertThat(wal.jsonPath().getString("detail"))
                .containsPattern("The log is being recovered: \\d+ of \\d+ bytes");
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(503);
    }

    private Response get(String path) {
        return given().get(cluster.rest(Service.WAL_STORE) + path);
    }
}
