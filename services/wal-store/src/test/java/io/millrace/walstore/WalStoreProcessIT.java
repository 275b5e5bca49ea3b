package io.millrace.walstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.walstore.WalStoreProcess.Client;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// wal-store as operators meet it: started, killed, started again, and started wrongly.
final class WalStoreProcessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EX_CONFIG = 78;
    private static final int SEALED_COUNT = 100;
    private static final long ROUND_BYTES = 4096;

    @TempDir
    private Path data;

    @Test
    void whatWasAcknowledgedIsReadAfterAKill() throws Exception {
        PartitionId partition;
        try (var first = WalStoreProcess.start(data).awaitReady();
                var client = first.client()) {
            partition = createTopic(client, "orders");
            append(client, partition, "first");
            append(client, partition, "second");
            first.kill();
        }

        try (var second = WalStoreProcess.start(data).awaitReady();
                var client = second.client()) {
            assertThat(read(client, partition))
                    .extracting(RecordBatch::baseOffset)
                    .containsExactly(0L, 1L);
            assertThat(client.store().catalog().await().atMost(PATIENCE).topic("orders"))
                    .isPresent();
            var wal = JsonPath.from(second.awaitStatus("/api/v1/wal", 200));
            assertThat(wal.getBoolean("recovery.wasClean")).isFalse();
            assertThat(wal.getInt("recovery.entries")).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void whatWasSealedIsReadAfterAKill() throws Exception {
        String[] smallSegments = {
            "-Dmillrace.wal-store.segment-size=64K",
            "-Dmillrace.wal-store.round-size-max=32K",
            "-Dmillrace.wal-store.batch-size-max=32K",
            "-Dmillrace.wal-store.seal-segments-min=1"
        };
        PartitionId partition;
        try (var first = WalStoreProcess.start(data, smallSegments).awaitReady();
                var client = first.client()) {
            partition = createTopic(client, "orders");
            for (int i = 0; i < SEALED_COUNT; i++) {
                append(client, partition, "value " + i);
            }
            awaitSealedFiles(first);
            first.kill();
        }

        try (var second = WalStoreProcess.start(data, smallSegments).awaitReady();
                var client = second.client()) {
            var wal = JsonPath.from(second.awaitStatus("/api/v1/wal", 200));
            assertThat(wal.getList("sealing.files")).isNotEmpty();
            assertThat(wal.getLong("recovery.bytes")).isLessThan(SEALED_COUNT * ROUND_BYTES / 2);
            for (int offset = 0; offset < SEALED_COUNT; offset++) {
                assertThat(read(client, partition, offset).getFirst().baseOffset())
                        .isEqualTo(offset);
            }
        }
    }

    private static void awaitSealedFiles(WalStoreProcess process) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean isSealed = false;
        while (!isSealed && System.nanoTime() < deadline) {
            var wal = JsonPath.from(process.awaitStatus("/api/v1/wal", 200));
            isSealed = !wal.getList("sealing.files").isEmpty()
                    && wal.getList("segments").size() <= 2;
        }
        assertThat(isSealed).isTrue();
    }

    @Test
    void aStopInOrderIsQuickAndLeavesACleanEnd() throws Exception {
        try (var first = WalStoreProcess.start(data).awaitReady();
                var client = first.client()) {
            append(client, createTopic(client, "orders"), "value");

            long began = System.nanoTime();
            int exitCode = first.terminate();

            assertThat(exitCode).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
            assertThat(first.log()).contains("The log was closed in order");
        }

        try (var second = WalStoreProcess.start(data).awaitReady()) {
            var wal = JsonPath.from(second.awaitStatus("/api/v1/wal", 200));
            assertThat(wal.getBoolean("recovery.wasClean")).isTrue();
        }
    }

    @Test
    void aSecondProcessOnTheSameDirectoryRefusesAndTheFirstGoesOn() throws Exception {
        try (var first = WalStoreProcess.start(data).awaitReady();
                var second = WalStoreProcess.start(data);
                var client = first.client()) {
            assertThat(second.awaitExit()).isEqualTo(EX_CONFIG);

            assertThat(second.log()).contains("is in use by another process").doesNotContain("\tat ");
            append(client, createTopic(client, "orders"), "value");
        }
    }

    @Test
    void withoutADataDirectoryItSaysWhichSettingIsMissing() throws Exception {
        try (var process = WalStoreProcess.startWithoutData()) {
            assertThat(process.awaitExit()).isEqualTo(1);

            assertThat(process.log())
                    .contains("millrace.data.directory is not set")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aDirectoryInMemoryIsRefusedUnlessAllowed() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeThat(Files.isDirectory(memory)
                        && Files.getFileStore(memory).type().equals("tmpfs"))
                .isTrue();
        Path directory = Files.createTempDirectory(memory, "millrace");

        try (var refused = WalStoreProcess.start(directory)) {
            assertThat(refused.awaitExit()).isEqualTo(EX_CONFIG);
            assertThat(refused.log()).contains("lies on tmpfs");
        } finally {
            deleteAll(directory);
        }
    }

    @Test
    void aDamagedLogRefusesToStartAndSaysWhere() throws Exception {
        try (var first = WalStoreProcess.start(data).awaitReady();
                var client = first.client()) {
            PartitionId partition = createTopic(client, "orders");
            append(client, partition, "first");
            append(client, partition, "second");
            append(client, partition, "third");
            first.kill();
        }
        flipAByteOf("second");

        try (var second = WalStoreProcess.start(data)) {
            assertThat(second.awaitExit()).isEqualTo(EX_CONFIG);
            assertThat(second.log()).contains("Corrupt log: ").doesNotContain("\tat ");
        }
    }

    @Test
    void anOrdinalWithoutAShardStaysNotReadyAndStartsNoLogOfItsOwn() throws Exception {
        try (var process = WalStoreProcess.start(data, "-Dmillrace.node.ordinal=1")) {
            String health = process.awaitStatus("/q/health/ready", 503);

            assertThat(health).contains("owns no shard");
            assertThat(process.awaitStatus("/q/health/live", 200)).contains("owns no shard");
            assertThat(process.awaitStatus("/api/v1/wal", 503)).contains("owns no shard");
            assertThat(data).isEmptyDirectory();
        }
    }

    @Test
    void anInternalPortThatIsTakenEndsTheStartWithASentence() throws Exception {
        try (var first = WalStoreProcess.start(data).awaitReady();
                var second = WalStoreProcess.start(
                        data.resolveSibling(data.getFileName() + "-2"),
                        "-Dmillrace.internal.port=" + first.internalPort())) {
            assertThat(second.awaitExit()).isEqualTo(EX_CONFIG);

            assertThat(second.log()).contains("the internal port").contains("cannot be opened");
        }
    }

    private static PartitionId createTopic(Client client, String name) {
        var command = new Command.CreateTopic(name, 1, -1, Map.of(), Command.Mode.EXECUTE);
        var outcome = client.store().execute(command).await().atMost(PATIENCE);
        assertThat(outcome).isInstanceOf(CommandOutcome.TopicStored.class);
        return new PartitionId(((CommandOutcome.TopicStored) outcome).topic().id(), 0);
    }

    private static void append(Client client, PartitionId partition, String value) {
        var outcome = client.store()
                .append(partition, TestBatches.batchOf(value))
                .await()
                .atMost(PATIENCE);
        assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
    }

    private static List<RecordBatch> read(Client client, PartitionId partition) {
        return read(client, partition, 0);
    }

    private static List<RecordBatch> read(Client client, PartitionId partition, long fromOffset) {
        var requests = List.of(new ReadRequest(partition, fromOffset, 1 << 20));
        var outcomes = client.store().read(requests, 1 << 20).await().atMost(PATIENCE);
        assertThat(outcomes).singleElement().isInstanceOf(ReadOutcome.Batches.class);
        return ((ReadOutcome.Batches) outcomes.getFirst()).batches();
    }

    private void flipAByteOf(String text) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                int position = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
                if (position >= 0) {
                    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                        access.seek(position);
                        access.write(text.charAt(0) ^ 1);
                    }
                    return;
                }
            }
        }
        throw new AssertionError("no file holds " + text);
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
