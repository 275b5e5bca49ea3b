package io.millrace.e2e.interfaces;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The REST interface of each service, from the outside.
@WithCluster
final class RestIT {
    private static final String TOPICS = "/api/v1/topics";
    private static final String PROBLEM = "application/problem+json";

    private final MillraceCluster cluster;
    private final Clients clients;

    RestIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void aTopicIsCreatedListedDescribedChangedAndDeleted() {
        Response created = at(Service.INGEST)
                .contentType(ContentType.JSON)
                .body(Map.of("name", "rest-life", "partitions", 2, "configs", Map.of("max.message.bytes", "3000")))
                .post(TOPICS);
        assertThat(created.statusCode()).isEqualTo(201);

        assertThat(get(Service.INGEST, TOPICS).getList("topics.name")).contains("rest-life");
        JsonPath described = get(Service.INGEST, TOPICS + "/rest-life");
        assertThat(described.getString("name")).isEqualTo("rest-life");
        assertThat(described.getList("partitions")).hasSize(2);

        Response changed = at(Service.INGEST)
                .contentType(ContentType.JSON)
                .body(Map.of("configs", Map.of("max.message.bytes", "4000")))
                .patch(TOPICS + "/rest-life");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(get(Service.INGEST, TOPICS + "/rest-life").prettify()).contains("4000");

        assertThat(at(Service.INGEST).delete(TOPICS + "/rest-life").statusCode())
                .isEqualTo(204);
        assertThat(at(Service.INGEST).get(TOPICS + "/rest-life").statusCode()).isEqualTo(404);
    }

    @Test
    void recordsAreWrittenAndReadBack() {
        clients.createTopic("rest-records", 1);

        Response written = at(Service.INGEST)
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "records",
                        List.of(
                                Map.of("partition", 0, "key", "a key", "value", "a value"),
                                Map.of("partition", 0, "value", "second"))))
                .post(TOPICS + "/rest-records/records");
        assertThat(written.statusCode()).isEqualTo(200);

        JsonPath read = get(Service.FETCH, TOPICS + "/rest-records/partitions/0/records?offset=0&limit=10");
        assertThat(read.getList("records.value")).containsExactly("a value", "second");
        assertThat(read.getString("records[0].key")).isEqualTo("a key");
        assertThat(read.getLong("nextOffset")).isEqualTo(2);
        assertThat(read.getLong("highWatermark")).isEqualTo(2);
    }

    @Test
    void theLastRecordsAndThoseSinceATimeAreRead() {
        clients.createTopic("rest-since", 1);
        long[] timestamps = {1_000, 2_000, 3_000, 4_000};
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            for (long timestamp : timestamps) {
                byte[] value = Long.toString(timestamp).getBytes(StandardCharsets.UTF_8);
                Await.value(producer.send(new ProducerRecord<>("rest-since", 0, timestamp, null, value)));
            }
        }
        String records = TOPICS + "/rest-since/partitions/0/records";

        assertThat(get(Service.FETCH, records + "?last=1").getList("records.value"))
                .containsExactly("4000");
        assertThat(get(Service.FETCH, records + "?timestamp=2001").getList("records.value"))
                .containsExactly("3000", "4000");
        assertThat(get(Service.FETCH, records + "?timestamp=4001").getList("records"))
                .isEmpty();
        assertProblem(400, at(Service.FETCH).get(records + "?timestamp=1&last=1"));
    }

    @Test
    void recordsComeAsTheyAreWrittenAndAReaderGoesOnWhereItWas() throws IOException {
        clients.createTopic("rest-live", 1);
        try (KafkaProducer<byte[], byte[]> producer = clients.producer();
                LiveRecords live = LiveRecords.open(cluster.rest(Service.FETCH), "rest-live", "")) {
            live.awaitSignOfLife();
            for (String value : List.of("first", "second", "third")) {
                Await.value(producer.send(
                        new ProducerRecord<>("rest-live", 0, null, value.getBytes(StandardCharsets.UTF_8))));
            }

            assertThat(live.next()).contains("first");
            assertThat(live.next()).contains("second");
            assertThat(live.next()).contains("third");
        }
        try (LiveRecords again = LiveRecords.open(cluster.rest(Service.FETCH), "rest-live", "0")) {
            assertThat(again.next()).contains("second");
        }
    }

    @Test
    void aGroupIsListedDescribedResetAndDeleted() {
        clients.createTopic("rest-group", 1);
        TopicPartition partition = new TopicPartition("rest-group", 0);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of("group.id", "rest-group"))) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));
        }

        assertThat(get(Service.OFFSET_COORDINATOR, "/api/v1/groups").getList("groups.groupId"))
                .contains("rest-group");
        assertThat(get(Service.OFFSET_COORDINATOR, "/api/v1/groups/rest-group").getString("groupId"))
                .isEqualTo("rest-group");
        JsonPath offsets = get(Service.OFFSET_COORDINATOR, "/api/v1/groups/rest-group/offsets");
        assertThat(offsets.getLong("offsets[0].committedOffset")).isZero();
        assertThat(offsets.getLong("offsets[0].lag")).isZero();

        Response reset = at(Service.OFFSET_COORDINATOR)
                .contentType(ContentType.JSON)
                .body(Map.of("topic", "rest-group", "to", "latest"))
                .post("/api/v1/groups/rest-group/offsets/reset");
        assertThat(reset.statusCode()).isEqualTo(200);
        assertThat(at(Service.OFFSET_COORDINATOR)
                        .delete("/api/v1/groups/rest-group")
                        .statusCode())
                .isEqualTo(204);
        assertThat(at(Service.OFFSET_COORDINATOR)
                        .get("/api/v1/groups/rest-group")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void theWalTellsItsSegmentsAndItsLastForce() {
        clients.createTopic("rest-wal", 1);

        JsonPath wal = get(Service.WAL_STORE, "/api/v1/wal");

        assertThat(wal.getString("directory"))
                .startsWith(cluster.dataDirectory().toString());
        assertThat(wal.getList("segments")).isNotEmpty();
        assertThat(wal.getLong("endPosition")).isPositive();
        assertThat(wal.getString("lastForce")).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void eachServiceTellsOfTheWholeCluster(Service service) {
        Awaitility.await("all four are seen by " + service.id())
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    JsonPath view = get(service, "/api/v1/cluster");
                    assertThat(view.getString("self.service")).isEqualTo(service.id());
                    assertThat(view.getList("instances.findAll { it.live }.service"))
                            .containsExactlyInAnyOrder("ingest", "fetch", "offset-coordinator", "wal-store");
                });
    }

    @Test
    void wrongRequestsGetTheirProblem() {
        clients.createTopic("rest-taken", 1);

        assertProblem(
                400, at(Service.INGEST).contentType(ContentType.JSON).body("{").post(TOPICS));
        assertProblem(
                400,
                at(Service.INGEST).contentType(ContentType.JSON).body("[1,2]").post(TOPICS));
        assertProblem(400, create("not a name", 1));
        assertProblem(400, create("rest-negative", -7));
        assertProblem(409, create("rest-taken", 1));
        assertProblem(404, at(Service.INGEST).get(TOPICS + "/rest-no-such-topic"));
        assertProblem(404, at(Service.INGEST).delete(TOPICS + "/rest-no-such-topic"));
        assertProblem(404, at(Service.FETCH).get(TOPICS + "/rest-no-such-topic/partitions/0/records"));
        assertProblem(400, at(Service.FETCH).get(TOPICS + "/rest-taken/partitions/0/records?offset=99"));
        assertProblem(400, at(Service.FETCH).get(TOPICS + "/rest-taken/partitions/0/records?limit=0"));
        assertProblem(404, at(Service.OFFSET_COORDINATOR).get("/api/v1/groups/rest-no-such-group"));
        assertProblem(
                400,
                at(Service.OFFSET_COORDINATOR)
                        .contentType(ContentType.JSON)
                        .body("{}")
                        .post("/api/v1/groups/rest-any/offsets/reset"));
    }

    @Test
    void aRecordThatIsTooLargeGetsStatus413() {
        at(Service.INGEST)
                .contentType(ContentType.JSON)
                .body(Map.of("name", "rest-small", "partitions", 1, "configs", Map.of("max.message.bytes", "1000")))
                .post(TOPICS);

        assertProblem(
                413,
                at(Service.INGEST)
                        .contentType(ContentType.JSON)
                        .body(Map.of("records", List.of(Map.of("value", "x".repeat(5_000)))))
                        .post(TOPICS + "/rest-small/records"));
    }

    private Response create(String name, int partitions) {
        return at(Service.INGEST)
                .contentType(ContentType.JSON)
                .body(Map.of("name", name, "partitions", partitions))
                .post(TOPICS);
    }

    private static void assertProblem(int status, Response response) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith(PROBLEM);
        assertThat(response.jsonPath().getInt("status")).isEqualTo(status);
        assertThat(response.jsonPath().getString("title")).isNotBlank();
    }

    private JsonPath get(Service service, String path) {
        Response response = at(service).get(path);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response.jsonPath();
    }

    private RequestSpecification at(Service service) {
        return given().baseUri(cluster.rest(service).toString());
    }
}
