package io.millrace.ingest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The REST interface and the meters of an ingest node with the owner of a log behind it.
@QuarkusTest
@QuarkusTestResource(LogCluster.class)
final class IngestRestIT {

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
    }

    @Test
    void aTopicLivesFromItsCreationToItsDeletion() {
        Response created = create("{\"name\":\"life\",\"partitions\":2,\"configs\":{\"retention.ms\":\"5000\"}}");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.header("Location")).endsWith("/api/v1/topics/life");

        JsonPath described = given().get("/api/v1/topics/life").jsonPath();
        assertThat(described.getList("partitions.partition", Integer.class)).containsExactly(0, 1);
        assertThat(described.getList("partitions.highWatermark", Long.class)).containsExactly(0L, 0L);
        assertThat(described.getList("partitions.leader", Integer.class)).containsOnly(1000);
        assertThat(described.getString("configs.find { it.name == 'retention.ms' }.value"))
                .isEqualTo("5000");

        JsonPath altered = alter("life", "{\"configs\":{\"retention.ms\":null,\"max.message.bytes\":\"2000\"}}")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(altered.getMap("configs")).containsOnlyKeys("max.message.bytes");
        assertThat(given().get("/api/v1/topics").jsonPath().getList("topics.name", String.class))
                .contains("life");

        given().delete("/api/v1/topics/life").then().statusCode(204);
        assertProblem(given().get("/api/v1/topics/life"), 404);
        assertProblem(given().delete("/api/v1/topics/life"), 404);
    }

    @Test
    void aTopicGetsMorePartitionsAndNeverFewer() {
        create("{\"name\":\"wide\",\"partitions\":2}");

        JsonPath grown = alter("wide", "{\"partitions\":3,\"configs\":{\"retention.ms\":\"5000\"}}")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();

        assertThat(grown.getInt("partitions")).isEqualTo(3);
        assertThat(grown.getMap("configs")).containsOnlyKeys("retention.ms");
        assertProblem(alter("wide", "{\"partitions\":3}"), 400);
        assertProblem(alter("wide", "{\"partitions\":2}"), 400);
    }

    @Test
    void aTopicIsChangedInAllThatIsAskedForOrInNothing() {
        create("{\"name\":\"whole\",\"partitions\":2}");

        assertProblem(alter("whole", "{\"partitions\":1,\"configs\":{\"retention.ms\":\"5000\"}}"), 400);
        assertProblem(alter("whole", "{\"partitions\":3,\"configs\":{\"retention.ms\":\"soon\"}}"), 400);

        JsonPath topics = given().get("/api/v1/topics").jsonPath();
        assertThat(topics.getInt("topics.find { it.name == 'whole' }.partitions"))
                .isEqualTo(2);
        assertThat(topics.getMap("topics.find { it.name == 'whole' }.configs")).isEmpty();
    }

    @Test
    void whatAnInterfaceDoesNotKnowIsAProblem() {
        create("{\"name\":\"typo\"}");

        Response misspelt = alter("typo", "{\"partitons\":3,\"configs\":{\"retention.ms\":\"5000\"}}");

        assertProblem(misspelt, 400);
        assertThat(misspelt.jsonPath().getString("detail"))
                .isEqualTo("The body has 'partitons', which is not known here; what is known: configs, partitions.");
        assertProblem(create("{\"name\":\"other\",\"config\":{}}"), 400);
        assertProblem(produce("typo", "text", "{\"records\":[{\"values\":\"v\"}]}"), 400);
    }

    @Test
    void recordsAreWrittenWhereTheirKeysBelong() {
        create("{\"name\":\"keyed\",\"partitions\":3}");

        JsonPath first = produce(
                        "keyed",
                        "json",
                        "{\"records\":[{\"key\":\"a\",\"value\":{\"n\":1},\"headers\":[{\"name\":\"h\",\"value\":1}]},"
                                + "{\"key\":\"a\",\"value\":null},{\"partition\":2,\"value\":[1,2]}]}")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        JsonPath second = produce("keyed", "json", "{\"records\":[{\"key\":\"a\",\"value\":2}]}")
                .jsonPath();

        int partition = first.getInt("records[0].partition");
        assertThat(first.getInt("records[1].partition")).isEqualTo(partition);
        assertThat(first.getInt("records[1].offset")).isEqualTo(first.getInt("records[0].offset") + 1);
        assertThat(first.getInt("records[2].partition")).isEqualTo(2);
        assertThat(second.getInt("records[0].partition")).isEqualTo(partition);
        assertThat(second.getInt("records[0].offset")).isGreaterThan(first.getInt("records[1].offset"));
        assertThat(
                        given()
                                .get("/api/v1/topics/keyed")
                                .jsonPath()
                                .getList("partitions.highWatermark", Integer.class)
                                .stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .isEqualTo(4);
    }

    @Test
    void badRequestsAreProblems() {
        create("{\"name\":\"bad\",\"partitions\":1,\"configs\":{\"max.message.bytes\":\"200\"}}");

        assertProblem(create("{\"name\":\"bad\"}"), 409);
        assertProblem(create("{\"name\":\"a b\"}"), 400);
        assertProblem(create("{\"name\":\"zero\",\"partitions\":0}"), 400);
        assertProblem(create("{\"name\":\"three\",\"replicationFactor\":3}"), 400);
        assertProblem(create("{\"name\":\"c\",\"configs\":{\"no.such\":\"1\"}}"), 400);
        assertProblem(create("{\"name\":"), 400);
        assertProblem(create("{}"), 400);
        assertProblem(alter("bad", "{\"configs\":{\"retention.ms\":\"soon\"}}"), 400);
        assertProblem(alter("bad", "{}"), 400);
        assertProblem(alter("nothing", "{\"configs\":{\"retention.ms\":\"1\"}}"), 404);
        assertProblem(produce("nothing", "text", "{\"records\":[{\"value\":\"v\"}]}"), 404);
        assertProblem(produce("bad", "text", "{\"records\":[]}"), 400);
        assertProblem(produce("bad", "text", "{\"records\":[{\"value\":1}]}"), 400);
        assertProblem(produce("bad", "base64", "{\"records\":[{\"value\":\"!\"}]}"), 400);
        assertProblem(produce("bad", "xml", "{\"records\":[{\"value\":\"v\"}]}"), 400);
        assertProblem(produce("bad", "text", "{\"records\":[{\"value\":\"v\",\"partition\":7}]}"), 400);
        assertProblem(produce("bad", "text", "{\"records\":[{\"value\":\"" + "x".repeat(500) + "\"}]}"), 413);
    }

    @Test
    void whenEnoughBodiesAreUnderWayAFurtherRequestIsRefusedUntilOneHasGone() throws Exception {
        create("{\"name\":\"slow\"}");
        Deque<Socket> slow = new ArrayDeque<>();
        try {
            for (int i = 0; i < 8; i++) {
                slow.add(beginToProduce("slow"));
            }
            awaitStatus("slow", 503);

            slow.remove().close();
            awaitStatus("slow", 200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void metersAndTheInterfacesDescriptionAreThere() {
        create("{\"name\":\"metered\"}");
        produce("metered", "text", "{\"records\":[{\"value\":\"v\"}]}").then().statusCode(200);

        assertThat(given().get("/q/metrics").asString())
                .contains("millrace_ingest_append_connected 1.0", "millrace_listener_connections");
        assertThat(given().get("/openapi").asString())
                .contains("/api/v1/topics/{topic}/records", "Append records to a topic");
    }

    /// Sends a request's head, and never its body.
    private static Socket beginToProduce(String topic) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        String head = "POST /api/v1/topics/" + topic + "/records HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void awaitStatus(String topic, int status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> produce(topic, "text", "{\"records\":[{\"value\":\"v\"}]}")
                                .statusCode()
                        == status);
    }

    private static Response create(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/api/v1/topics");
    }

    private static Response alter(String topic, String body) {
        return given().contentType(ContentType.JSON).body(body).patch("/api/v1/topics/" + topic);
    }

    private static Response produce(String topic, String format, String body) {
        return given().contentType(ContentType.JSON)
                .queryParam("format", format)
                .body(body)
                .post("/api/v1/topics/" + topic + "/records");
    }

    private static void assertProblem(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
    }
}
