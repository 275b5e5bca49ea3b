package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.Launcher;
import io.millrace.e2e.cluster.Launcher.Output;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bit that turned over in the middle of a segment: wal-store does not start without the acknowledged record, says
/// where the damage is and what can be done, and starts with everything once the segment is as it was.
@WithCluster
final class DamagedLogIT {
    private static final String TOPIC = "damaged-log";
    private static final int EX_CONFIG = 78;
    private static final int RECORDS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MillraceCluster cluster;
    private final Clients clients;

    @TempDir
    private Path temporary = Path.of("");

    DamagedLogIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    /// Where a batch lies.
    private record Place(Path file, long position) {

        static Place of(JsonNode batch, Path directory) {
            return new Place(
                    directory.resolve(batch.get("file").asText()),
                    batch.get("file-position").asLong());
        }

        /// Twice is never.
        void flip() throws IOException {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.seek(position + 100);
                int was = access.read();
                access.seek(position + 100);
                access.write(was ^ 1);
            }
        }
    }

    @Test
    void aFlippedBitInTheMiddleRefusesTheStart() throws IOException {
        clients.createTopic(TOPIC, 1);
        try (Load load = new Load(TOPIC, clients.producer(), new Random(1))) {
            for (int i = 0; i < RECORDS; i++) {
                load.send(TOPIC, 0, 300);
                load.flush();
            }
            assertThat(load.failures()).isEmpty();
            cluster.kill(Service.WAL_STORE);
            Launcher launcher = new Launcher(cluster.dataDirectory(), temporary);
            Place place = middleBatch(launcher);

            place.flip();
            ServiceProcess store = cluster.process(Service.WAL_STORE);
            cluster.launch(Service.WAL_STORE);
            int code = store.awaitExit(Duration.ofSeconds(60));
            Output verified = launcher.run("wal", "verify");
            place.flip();
            cluster.start(Service.WAL_STORE);

            assertThat(code).isEqualTo(EX_CONFIG);
            assertThat(store.logTail(500))
                    .contains("Corrupt log: " + place.file().getFileName() + " at byte ")
                    .contains("no acknowledged record is lost silently")
                    .contains("Restore the data directory from a copy")
                    .contains("./millrace wal verify");
            assertThat(verified.exitCode()).isEqualTo(1);
            assertThat(verified.lines().getLast())
                    .startsWith("next-start does=refuses file=" + place.file().getFileName());
            Comparison.of(load.journal().entries(), new Reading(clients).journal(TOPIC))
                    .assertEqual();
        }
    }

    private Place middleBatch(Launcher launcher) throws IOException {
        List<String> batches = launcher.run("wal", "dump", "--partition", TOPIC + "/0", "--json")
                .lines();
        return Place.of(
                JSON.readTree(batches.get(batches.size() / 2)),
                cluster.dataDirectory().resolve("wal-store"));
    }
}
