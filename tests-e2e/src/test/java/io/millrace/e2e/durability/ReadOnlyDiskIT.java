package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.LoopDisk;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import io.millrace.e2e.journal.Comparison;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file system that becomes read-only under a running wal-store, as those of failing disks do: it acknowledges
/// nothing more and ends; as long as nothing can be written, it does not start and says why; then everything is there.
@Tag(LoopDisk.TAG)
final class ReadOnlyDiskIT {
    private static final String TOPIC = "read-only";
    private static final int EX_IOERR = 74;
    private static final int EX_CONFIG = 78;
    private static final long DISK_BYTES = 512L << 20;

    @TempDir
    private Path place = Path.of("");

    @Test
    void nothingIsAcknowledgedThatIsNotThereAfterwards() {
        try (LoopDisk disk = LoopDisk.mount(place, DISK_BYTES);
                MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("read-only")
                        .inDirectory(disk.directory().resolve("data")))) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, 1);
            ServiceProcess store = cluster.process(Service.WAL_STORE);
            try (Load load = new Load(
                    TOPIC, clients.producer(), Seed.print("ReadOnlyDiskIT").random())) {
                try (SteadyLoad steady = SteadyLoad.start(load, List.of(new TopicPartition(TOPIC, 0)), 300)) {
                    steady.awaitAcknowledged(200);
                    disk.breakFileSystem();
                    int failed = store.awaitExit(Duration.ofSeconds(60));
                    assertThat(failed).isEqualTo(EX_IOERR);
                    assertThat(store.logTail(500))
                            .contains("The log failed at ")
                            .contains("Read-only file system");

                    cluster.kill(Service.OFFSET_COORDINATOR);
                    disk.mountReadOnly();
                    cluster.launch(Service.WAL_STORE);
                    int refused = store.awaitExit(Duration.ofSeconds(60));
                    assertThat(refused).isEqualTo(EX_CONFIG);
                    assertThat(store.logTail(500))
                            .contains("The data directory ")
                            .contains(" cannot be written: Read-only file system");

                    disk.mountAgain();
                    cluster.start(Service.WAL_STORE, Service.OFFSET_COORDINATOR);
                    steady.awaitAcknowledged(200);
                }
                load.flush();

                assertThat(load.failures()).isEmpty();
                Comparison.of(load.journal().entries(), new Reading(clients).journal(TOPIC))
                        .assertEqual();
            }
        }
    }
}
