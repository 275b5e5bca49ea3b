package io.millrace.e2e.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the processes leave behind when they are told to stop, and in which order they may come.
@WithCluster
final class ProcessesIT {
    private static final long GIGABYTE = 1L << 30;

    private final MillraceCluster shared;

    @TempDir
    private Path temporary = Path.of("");

    ProcessesIT(MillraceCluster shared) {
        this.shared = shared;
    }

    @Test
    void anIdleClusterIsSmallAndAStopLeavesNoProcessNoPortAndNoFile() throws IOException {
        ClusterOptions options = ClusterOptions.named("stopped").with("java.io.tmpdir", temporary.toString());
        List<Long> pids = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();

        try (MillraceCluster cluster = MillraceCluster.start(options)) {
            for (Service service : Service.values()) {
                pids.add(cluster.process(service).pid());
                ports.add(cluster.internal(service).port());
                ports.add(cluster.rest(service).getPort());
            }
            long resident = Stream.of(Service.values())
                    .mapToLong(service -> cluster.process(service).residentBytes())
                    .sum();
            cluster.terminate();

            assertThat(resident).isLessThan(GIGABYTE);
            assertThat(pids)
                    .noneMatch(pid ->
                            ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
            assertThat(ports).allMatch(MillraceCluster::isPortFree);
            assertThat(cluster.process(Service.WAL_STORE).logTail(200)).doesNotContain("ERROR", "\tat ");
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(path -> !path.getFileName().toString().startsWith("hsperfdata")))
                    .isEmpty();
        }
    }

    @Test
    void theServicesMayStartInAnyOrderAndOneByOne() {
        Clients clients = new Clients(shared.bootstrap());
        clients.createTopic("any-order", 2);
        try (Load load = new Load("any-order", clients.producer(), new Random(1))) {
            load.send("any-order", 0, 10);
            load.flush();
            shared.kill();
            for (Service service :
                    List.of(Service.OFFSET_COORDINATOR, Service.FETCH, Service.INGEST, Service.WAL_STORE)) {
                shared.launch(service);
            }
            shared.awaitReady();
            load.send("any-order", 1, 10);
            load.flush();

            assertThat(load.failures()).isEmpty();
            Comparison.of(load.journal().entries(), new Reading(clients).journal("any-order"))
                    .assertEqual();
        }
    }
}
