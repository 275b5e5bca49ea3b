package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.LoopDisk;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power of the disk fails while groups of all protocols commit: what was answered had been forced, so it is there,
/// and every group goes on.
///
/// Source: failures F13, F19.
@Tag(LoopDisk.TAG)
final class GroupPowerCutIT {
    private static final String TOPIC = "power";
    private static final int PARTITIONS = 4;
    private static final long DISK_BYTES = 1L << 30;
    private static final Service[] ON_DISK = {Service.WAL_STORE, Service.OFFSET_COORDINATOR};

    @TempDir
    private Path place = Path.of("");

    @Test
    void whatWasAnsweredIsThereAfterThePowerWasCut() {
        Random random = Seed.print("GroupPowerCutIT").random();
        try (LoopDisk disk = LoopDisk.mount(place, DISK_BYTES);
                MillraceCluster cluster = MillraceCluster.start(QuickGroups.cluster("group-power-cut")
                        .inDirectory(disk.directory().resolve("data")))) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, PARTITIONS);
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                    .toList();
            try (Admin admin = clients.admin();
                    Load load = new Load(TOPIC, clients.producer(), new Random(random.nextLong()));
                    GroupsOfAllProtocols groups =
                            new GroupsOfAllProtocols(clients, admin, TOPIC, place.resolve("streams"))) {
                try (SteadyLoad steady = SteadyLoad.start(load, partitions, 100)) {
                    groups.awaitProgress("in the beginning");
                    for (int cut = 0; cut < Tier.rounds(2, 30); cut++) {
                        steady.awaitAcknowledged(50 + random.nextInt(300));
                        cut(cluster, disk);
                        cluster.start(ON_DISK);
                        groups.awaitProgress("after a power cut");
                        assertThat(groups.faults()).isEmpty();
                    }
                }
                load.flush();
                groups.awaitCommitted(load.journal().entries());

                assertThat(groups.faults()).isEmpty();
                groups.assertEverythingWasRead(load.journal().entries());
            }
        }
    }

    /// A process that is asleep cannot take a force for done that was under way while the power failed.
    private static void cut(MillraceCluster cluster, LoopDisk disk) {
        for (Service service : ON_DISK) {
            cluster.pause(service);
        }
        disk.cutPower();
        cluster.kill(ON_DISK);
        disk.mountAgain();
    }
}
