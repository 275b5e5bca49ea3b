package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.FaultInjection;
import io.millrace.e2e.cluster.MemoryDisk;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A full disk: writes are refused with an error that says so, reads go on, and all is well again when there is space.
///
/// Source: failure F43 (disk full, crash loop).
final class FullDiskIT {
    private static final long DISK_BYTES = 96L << 20;
    private static final long SEGMENT_BYTES = 8L << 20;
    private static final int SEGMENTS_MAX = 20;
    private static final int RECORD_BYTES = 200_000;
    private static final int PRODUCE = 9;

    @TempDir
    private Path directory = Path.of("");

    private final Random random = new Random(4);
    private final List<byte[]> acknowledged = new ArrayList<>();

    @Test
    void aFullDiskRefusesWritesServesReadsAndRecovers() {
        try (MemoryDisk disk = MemoryDisk.mount(directory, DISK_BYTES)) {
            ClusterOptions options = options("full-disk")
                    .inDirectory(disk.directory().resolve("data"))
                    .with("millrace.wal-store.allow-volatile-memory", "true")
                    .with("millrace.wal-store.spare-space-min", "2M")
                    .with("millrace.offset-coordinator.allow-volatile-memory", "true")
                    .with("millrace.offset-coordinator.files.spare-space-min", "2M");
            try (MillraceCluster cluster = MillraceCluster.start(options);
                    RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
                Clients clients = new Clients(cluster.bootstrap());
                clients.createTopic("full", 1);
                RawTopic topic = RawTopic.find(connection, "full");
                assertThat(produce(connection, topic)).isEqualTo(Errors.NONE);

                disk.fill();
                Errors refusal = produceUntilRefused(connection, topic);
                assertThat(refusal).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
                assertThat(produce(connection, topic)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
                assertThat(cluster.process(Service.WAL_STORE).isAlive()).isTrue();
                assertEverythingIsRead(clients);

                disk.makeSpace();
                awaitAccepted(connection, topic);
                cluster.kill();
                cluster.start();
                assertEverythingIsRead(clients);
            }
        }
    }

    /// The file system says that there is space, and then has none: a quota, a thin volume.
    @Test
    void aSegmentThatGetsNoSpaceRefusesWritesAndRecovers() {
        try (MillraceCluster cluster = MillraceCluster.start(options("no-space"));
                RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic("full", 1);
            RawTopic topic = RawTopic.find(connection, "full");
            assertThat(produce(connection, topic)).isEqualTo(Errors.NONE);
            ServiceProcess store = cluster.process(Service.WAL_STORE);

            try (FaultInjection injection =
                    FaultInjection.failing(store, "pwrite64", "ENOSPC", preparedLater(cluster.dataDirectory()))) {
                assertThat(produceUntilRefused(connection, topic)).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
                assertThat(injection.hasStruck()).isTrue();
                assertThat(store.isAlive()).isTrue();
                assertEverythingIsRead(clients);
            }
            awaitAccepted(connection, topic);
            cluster.kill(Service.WAL_STORE);
            cluster.start(Service.WAL_STORE);
            assertEverythingIsRead(clients);
        }
    }

    /// While they are filled with zeros, segments have a name of their own.
    private static List<Path> preparedLater(Path data) {
        return LongStream.range(0, SEGMENTS_MAX)
                .mapToObj(segment -> String.format("%020d.segment.preparing", segment * SEGMENT_BYTES))
                .map(data.resolve("wal-store")::resolve)
                .toList();
    }

    private static ClusterOptions options(String name) {
        return ClusterOptions.named(name)
                .with("millrace.wal-store.batch-size-max", "2M")
                .with("millrace.wal-store.round-size-max", "1M")
                .with("millrace.wal-store.segment-size", Long.toString(SEGMENT_BYTES));
    }

    private void awaitAccepted(RawConnection connection, RawTopic topic) {
        Awaitility.await("writes are taken again")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> produce(connection, topic) == Errors.NONE);
    }

    private Errors produceUntilRefused(RawConnection connection, RawTopic topic) {
        for (long bytes = 0; bytes < 4 * DISK_BYTES; bytes += RECORD_BYTES) {
            Errors error = produce(connection, topic);
            if (error != Errors.NONE) {
                return error;
            }
        }
        throw new AssertionError("the disk took more than there is");
    }

    private Errors produce(RawConnection connection, RawTopic topic) {
        byte[] value = new byte[RECORD_BYTES];
        random.nextBytes(value);
        MemoryRecords batch =
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(System.currentTimeMillis(), value));
        Errors error =
                Errors.forCode(topic.produce(connection, 0, batch, PRODUCE).errorCode());
        if (error == Errors.NONE) {
            acknowledged.add(value);
        }
        return error;
    }

    private void assertEverythingIsRead(Clients clients) {
        List<ConsumerRecord<byte[], byte[]>> read = new Reading(clients).records("full");
        assertThat(read).hasSize(acknowledged.size());
        for (int i = 0; i < read.size(); i++) {
            assertThat(Arrays.equals(read.get(i).value(), acknowledged.get(i))).isTrue();
        }
    }
}
