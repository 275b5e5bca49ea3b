package io.millrace.walstore;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.walstore.WalStoreProcess.Client;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage beneath a process that runs: found by a scrub, told everywhere where somebody may look, and survived.
final class ScrubIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BATCH_COUNT = 60;
    private static final String[] SMALL_SEGMENTS = {
        "-Dmillrace.wal-store.segment-size=64K",
        "-Dmillrace.wal-store.round-size-max=32K",
        "-Dmillrace.wal-store.batch-size-max=32K",
        "-Dmillrace.wal-store.seal-segments-min=1"
    };

    @TempDir
    private Path data;

    @Test
    void damageInASealedFileIsToldAndTheRestIsRead() throws Exception {
        try (var process = WalStoreProcess.start(data, SMALL_SEGMENTS).awaitReady();
                var client = process.client()) {
            PartitionId partition = createTopic(client, "orders");
            for (int i = 0; i < BATCH_COUNT; i++) {
                append(client, partition, "value-" + i + "-");
            }
            Path sealed = sealedFileWith(process, "value-7-");
            JsonPath atStart = awaitEnd(process);
            flipAByteOf(sealed, "value-7-");

            Response begun = given().baseUri(process.rest()).post("/api/v1/wal/scrub");
            JsonPath ended = awaitEnd(process);

            assertThat(atStart.getString("state")).isEqualTo("finished");
            assertThat(atStart.getInt("damagedPlaces")).isZero();
            assertThat(begun.statusCode()).isEqualTo(202);
            assertThat(ended.getString("state")).isEqualTo("finished");
            assertThat(ended.getInt("damagedPlaces")).isOne();
            assertThat(ended.getString("damages[0].file"))
                    .isEqualTo(sealed.getFileName().toString());
            assertThat(ended.getString("damages[0].affected[0].partition")).isEqualTo("orders/0");
            assertThat(ended.getInt("damages[0].affected[0].firstOffset")).isEqualTo(7);
            assertThat(ended.getString("damages[0].advice")).contains("kafka-delete-records");
            assertThat(process.log()).contains("Damaged data on the disk").contains("orders/0 offsets 7 to ");
            assertThat(given().baseUri(process.rest()).get("/q/metrics").asString())
                    .contains("millrace_wal_scrub_damaged_places 1.0");
            JsonPath health =
                    given().baseUri(process.rest()).get("/q/health/ready").jsonPath();
            assertThat(health.getString("status")).isEqualTo("UP");
            assertThat(health.getInt("checks.find { it.name == 'wal' }.data.damagedPlaces"))
                    .isOne();
            append(client, partition, "one more");
            assertThat(read(client, partition, 6)).isInstanceOf(ReadOutcome.Batches.class);
            assertThat(read(client, partition, 7)).isInstanceOf(ReadOutcome.Refused.class);
            assertThat(read(client, partition, BATCH_COUNT)).isInstanceOf(ReadOutcome.Batches.class);
        }
    }

    @Test
    void oneRunsAtATimeAndCanBeCancelled() throws Exception {
        try (var process = WalStoreProcess.start(
                        data, "-Dmillrace.wal-store.scrub-rate-max=1", "-Dmillrace.wal-store.scrub-at-start=0")
                .awaitReady()) {
            assertThat(JsonPath.from(process.awaitStatus("/api/v1/wal/scrub", 200))
                            .getString("state"))
                    .isEqualTo("none");

            Response first = given().baseUri(process.rest()).post("/api/v1/wal/scrub?scope=sample");
            Response second = given().baseUri(process.rest()).post("/api/v1/wal/scrub");
            Response wrong = given().baseUri(process.rest()).post("/api/v1/wal/scrub?scope=some");
            Response cancelled = given().baseUri(process.rest()).delete("/api/v1/wal/scrub");

            assertThat(first.statusCode()).isEqualTo(202);
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(cancelled.statusCode()).isEqualTo(200);
            assertThat(awaitEnd(process).getString("state")).isEqualTo("cancelled");
        }
    }

    /// As soon as nothing runs any more.
    private static JsonPath awaitEnd(WalStoreProcess process) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonPath status = JsonPath.from(process.awaitStatus("/api/v1/wal/scrub", 200));
        while (status.getString("state").equals("running")) {
            assertThat(System.nanoTime()).as("the scrub ends").isLessThan(deadline);
            status = JsonPath.from(process.awaitStatus("/api/v1/wal/scrub", 200));
        }
        return status;
    }

    private Path sealedFileWith(WalStoreProcess process, String text) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            List<String> names =
                    JsonPath.from(process.awaitStatus("/api/v1/wal", 200)).getList("sealing.files.file");
            for (String name : names) {
                Path file = data.resolve("wal-store").resolve(name);
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    return file;
                }
            }
        }
        throw new AssertionError(text + " was not sealed");
    }

    private static void flipAByteOf(Path file, String text) throws IOException {
        int position = Files.readString(file, StandardCharsets.ISO_8859_1).indexOf(text);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            access.write(text.charAt(0) ^ 1);
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

    private static ReadOutcome read(Client client, PartitionId partition, long fromOffset) {
        var requests = List.of(new ReadRequest(partition, fromOffset, 1 << 20));
        return client.store().read(requests, 1 << 20).await().atMost(PATIENCE).getFirst();
    }
}
