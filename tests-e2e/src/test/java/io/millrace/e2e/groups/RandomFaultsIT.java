package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.Connections;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups of all protocols commit all the time while random things happen to the coordinator and what it needs: an
/// answered commit is never lost or undone, a partition has one owner in a generation, and every group works again soon
/// after the service is back.
///
/// Source: failures F13, F19, F21.
final class RandomFaultsIT {
    private static final String TOPIC = "faults";
    private static final int PARTITIONS = 4;
    private static final Duration LENGTH = Tier.length(Duration.ofSeconds(60), Duration.ofMinutes(10));
    private static final int PAUSE_SECONDS_MAX = Tier.rounds(9, 30);

    @TempDir
    private Path stateDirectory = Path.of("");

    private static final String SIGSTOP = "SIGSTOP";

    /// What happens, until all services are back.
    private record Fault(String name, Runnable happening) {}

    @Test
    void noAnsweredCommitIsLostAndEveryGroupGoesOn() {
        Random random = Seed.print("RandomFaultsIT").random();
        try (MillraceCluster cluster = MillraceCluster.start(QuickGroups.cluster("random-faults"))) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, PARTITIONS);
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                    .toList();
            try (Admin admin = clients.admin();
                    Load load = new Load(TOPIC, clients.producer(), new Random(random.nextLong()));
                    GroupsOfAllProtocols groups = new GroupsOfAllProtocols(clients, admin, TOPIC, stateDirectory)) {
                try (SteadyLoad _ = SteadyLoad.start(load, partitions, 100)) {
                    groups.awaitProgress("in the beginning");
                    run(faults(cluster, random), random, groups);
                }
                load.flush();
                groups.awaitCommitted(load.journal().entries());

                assertThat(groups.faults()).isEmpty();
                groups.assertEverythingWasRead(load.journal().entries());
            }
        }
    }

    /// Every kind once, then any.
    private static void run(List<Fault> faults, Random random, GroupsOfAllProtocols groups) {
        long end = System.nanoTime() + LENGTH.toNanos();
        List<Fault> first = new ArrayList<>(faults);
        Collections.shuffle(first, random);
        for (int i = 0; i < first.size() || System.nanoTime() < end; i++) {
            Fault fault = i < first.size() ? first.get(i) : faults.get(random.nextInt(faults.size()));
            System.out.println("RandomFaultsIT: " + fault.name());
            groups.setMayBeExpelled(fault.name().equals(SIGSTOP));
            fault.happening().run();
            groups.awaitProgress("after " + fault.name());
            assertThat(groups.faults()).as(fault.name()).isEmpty();
        }
    }

    private static List<Fault> faults(MillraceCluster cluster, Random random) {
        return List.of(
                new Fault("kill -9", () -> {
                    cluster.kill(Service.OFFSET_COORDINATOR);
                    cluster.start(Service.OFFSET_COORDINATOR);
                }),
                new Fault("kill -9 twice while it loads", () -> {
                    cluster.kill(Service.OFFSET_COORDINATOR);
                    cluster.launch(Service.OFFSET_COORDINATOR);
                    pause(random.nextInt(2_000));
                    cluster.kill(Service.OFFSET_COORDINATOR);
                    cluster.start(Service.OFFSET_COORDINATOR);
                }),
                new Fault("a planned restart", () -> {
                    cluster.terminate(Service.OFFSET_COORDINATOR);
                    cluster.start(Service.OFFSET_COORDINATOR);
                }),
                new Fault(SIGSTOP, () -> {
                    cluster.pause(Service.OFFSET_COORDINATOR);
                    pause(1_000 + random.nextInt(PAUSE_SECONDS_MAX * 1_000));
                    cluster.resume(Service.OFFSET_COORDINATOR);
                }),
                new Fault("broken connections", () -> {
                    for (int i = 0; i < 5; i++) {
                        Connections.breakTo(cluster.kafka(Service.OFFSET_COORDINATOR));
                        pause(random.nextInt(300));
                    }
                }),
                new Fault("kill -9 of everything", () -> {
                    cluster.kill();
                    cluster.start();
                }));
    }

    /// The length of a fault is part of the fault.
    private static void pause(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
