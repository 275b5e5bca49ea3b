package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Committer;
import io.millrace.e2e.client.Follower;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.LoopDisk;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power of the disk fails while an idempotent producer, a consumer and a committing group are at work, now and
/// then while the services are just starting again: whatever was acknowledged is there, once and in order, and so is
/// every offset whose commit was confirmed.
///
/// What was not forced is really lost: file system and device are cut off with it. Segments are so small that sealing,
/// checkpoints and freed segments happen all the time.
@Tag(LoopDisk.TAG)
final class PowerCutIT {
    private static final String TOPIC = "power-cuts";
    private static final int CUTS = Tier.rounds(2, 50);
    private static final int PARTITIONS = 3;
    private static final int VALUE_BYTES_MAX = 4_000;
    private static final long DISK_BYTES = 2L << 30;
    private static final long START_MILLIS = 3_000;
    private static final Service[] ON_DISK = {Service.WAL_STORE, Service.OFFSET_COORDINATOR};

    @TempDir
    private Path place = Path.of("");

    private final Random random = Seed.print("PowerCutIT").random();

    @Test
    void whatWasAcknowledgedAndConfirmedIsThere() {
        ClusterOptions options = ClusterOptions.named("power-cuts")
                .with("millrace.wal-store.segment-size", "1M")
                .with("millrace.wal-store.round-size-max", "512K")
                .with("millrace.wal-store.batch-size-max", "512K")
                .with("millrace.wal-store.seal-segments-min", "1")
                .with("millrace.wal-store.checkpoint-after", "2M");
        try (LoopDisk disk = LoopDisk.mount(place, DISK_BYTES);
                MillraceCluster cluster = MillraceCluster.start(
                        options.inDirectory(disk.directory().resolve("data")))) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, PARTITIONS);
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                    .toList();
            try (Load load = new Load(TOPIC, clients.producerWith(Map.of("linger.ms", 1)), random);
                    Follower follower = Follower.start(clients, partitions)) {
                work(cluster, disk, new Work(clients, load, partitions));

                List<Entry> acknowledged = load.journal().entries();
                assertThat(load.failures()).isEmpty();
                assertThat(acknowledged).hasSize((int) load.sent());
                Reading reading = new Reading(clients);
                Comparison.of(acknowledged, reading.journal(TOPIC)).assertEqual();
                follower.awaitEnds(reading.ends(TOPIC));
                Comparison.of(acknowledged, follower.journal().entries()).assertEqual();
                System.out.println("PowerCutIT: " + CUTS + " cuts, " + acknowledged.size()
                        + " records acknowledged, none lost, repeated or out of order");
            }
        }
    }

    private record Work(Clients clients, Load load, List<TopicPartition> partitions) {}

    private void work(MillraceCluster cluster, LoopDisk disk, Work work) {
        try (SteadyLoad steady = SteadyLoad.start(work.load(), work.partitions(), VALUE_BYTES_MAX);
                Committer committer =
                        Committer.start(work.clients(), TOPIC, work.partitions().getFirst());
                Admin admin = work.clients().admin()) {
            for (int cut = 0; cut < CUTS; cut++) {
                steady.awaitAcknowledged(100 + random.nextInt(300));
                committer.awaitConfirmed(5);
                cut(cluster, disk);
                if (random.nextInt(4) == 0) {
                    cluster.launch(ON_DISK);
                    LockSupport.parkNanos(
                            Duration.ofMillis(random.nextLong(START_MILLIS)).toNanos());
                    cut(cluster, disk);
                }
                long confirmed = committer.confirmed();
                cluster.start(ON_DISK);
                assertThat(committer.committed(admin)).isGreaterThanOrEqualTo(confirmed);
            }
            steady.awaitAcknowledged(100);
        }
        work.load().flush();
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
