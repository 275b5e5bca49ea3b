package io.millrace.coordinator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.coordinator.kafka.LiveMember;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The REST interface, health and metrics of a coordinator that follows a wal-store with one topic.
@QuarkusTest
@QuarkusTestResource(OneTopicCluster.class)
final class GroupsRestIT {

    @Inject
    CoordinatorNode node;

    @Inject
    GroupAccess groups;

    @BeforeEach
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (given().get("/q/health/ready").statusCode() != 200) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void resetOffsetsAreListedWithTheirLag() {
        reset("billing", "{\"topic\":\"orders\",\"to\":\"offset\",\"offset\":40}")
                .then()
                .statusCode(200);

        var offsets = given().get("/api/v1/groups/billing/offsets")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();

        assertThat(offsets.getList("offsets.partition", Integer.class)).containsExactly(0, 1);
        assertThat(offsets.getList("offsets.committedOffset", Integer.class)).containsExactly(40, 40);
        assertThat(offsets.getList("offsets.endOffset", Integer.class)).containsExactly(100, 100);
        assertThat(offsets.getList("offsets.lag", Integer.class)).containsExactly(60, 60);
        assertThat(given().get("/api/v1/groups").jsonPath().getList("groups.groupId", String.class))
                .contains("billing");
        assertThat(given().get("/api/v1/groups/billing").jsonPath().getString("state"))
                .isEqualTo("Empty");
        assertThat(given().get("/api/v1/groups/billing").jsonPath().getLong("totalLag"))
                .isEqualTo(120);
    }

    @Test
    void aResetGoesToEachKindOfTarget() {
        assertThat(target("{\"topic\":\"orders\",\"to\":\"earliest\"}")).isEqualTo(5);
        assertThat(target("{\"topic\":\"orders\",\"to\":\"latest\"}")).isEqualTo(100);
        assertThat(target("{\"topic\":\"orders\",\"to\":\"offset\",\"offset\":1000}"))
                .isEqualTo(100);
        assertThat(target("{\"topic\":\"orders\",\"to\":\"timestamp\",\"timestamp\":10}"))
                .isEqualTo(42);
        assertThat(target("{\"topic\":\"orders\",\"to\":\"timestamp\",\"timestamp\":5000}"))
                .isEqualTo(100);
    }

    @Test
    void aShiftBeginsAtWhatWasCommittedAndStaysInsideOfTheLog() {
        assertProblem(reset("shifted", "{\"topic\":\"orders\",\"to\":\"shift\",\"shiftBy\":1}"), 400);
        reset("shifted", "{\"topic\":\"orders\",\"to\":\"offset\",\"offset\":40}")
                .then()
                .statusCode(200);

        assertThat(shift(10)).isEqualTo(50);
        assertThat(shift(-20)).isEqualTo(30);
        assertThat(shift(-1000)).isEqualTo(5);
        assertThat(shift(1000)).isEqualTo(100);
    }

    private static int shift(int by) {
        return reset("shifted", "{\"topic\":\"orders\",\"to\":\"shift\",\"shiftBy\":" + by + "}")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getInt("offsets[0].offset");
    }

    @Test
    void offsetsAreSetAsGivenAndForgotten() {
        String offsets = "{\"offsets\":[{\"topic\":\"orders\",\"partition\":0,\"offset\":7,\"metadata\":\"by hand\"},"
                + "{\"topic\":\"orders\",\"partition\":1,\"offset\":8}]}";
        given().contentType(ContentType.JSON)
                .body(offsets)
                .put("/api/v1/groups/set/offsets")
                .then()
                .statusCode(200);

        var set = given().get("/api/v1/groups/set/offsets").jsonPath();
        assertThat(set.getList("offsets.committedOffset", Integer.class)).containsExactly(7, 8);
        assertThat(set.getList("offsets.metadata", String.class)).containsExactly("by hand", "");
        given().delete("/api/v1/groups/set/offsets?topic=orders&partition=0")
                .then()
                .statusCode(204);
        assertThat(given().get("/api/v1/groups/set/offsets").jsonPath().getList("offsets.partition", Integer.class))
                .containsExactly(1);
        assertProblem(given().delete("/api/v1/groups/set/offsets"), 400);
        assertProblem(given().delete("/api/v1/groups/set/offsets?topic=nothing"), 404);
        assertProblem(
                given().contentType(ContentType.JSON)
                        .body("{\"offsets\":[{\"topic\":\"orders\",\"partition\":9,\"offset\":7}]}")
                        .put("/api/v1/groups/set/offsets"),
                400);
        assertProblem(given().contentType(ContentType.JSON).body("{}").put("/api/v1/groups/set/offsets"), 400);
    }

    @Test
    void shardsTellTheirEpochsAndPositions() {
        reset("in-some-shard", "{\"topic\":\"orders\",\"to\":\"earliest\"}")
                .then()
                .statusCode(200);

        var shards =
                given().get("/api/v1/shards").then().statusCode(200).extract().jsonPath();

        assertThat(shards.getList("shards.shard", Integer.class)).hasSize(16).startsWith(0, 1, 2);
        assertThat(shards.getList("shards.phase", String.class)).containsOnly("serving");
        assertThat(shards.getList("shards.log.epoch", Integer.class)).containsOnly(1);
        assertThat(shards.getList("shards.log.nextSequence", Integer.class)).anyMatch(next -> next > 1);
        assertThat(shards.getLong("files.liveBytes")).isPositive();
    }

    @Test
    void lagsAreMetricsOfTheirPartitions() throws InterruptedException {
        reset("measured", "{\"topic\":\"orders\",\"to\":\"offset\",\"offset\":40}")
                .then()
                .statusCode(200);

        String expected = "millrace_group_lag{group=\"measured\",partition=\"1\",topic=\"orders\"} 60.0";
        assertThat(metricsWith(expected)).contains(expected);
    }

    /// As soon as they have this lag.
    private static String metricsWith(String lag) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        String metrics = given().get("/q/metrics").asString();
        while (!metrics.contains(lag)) {
            assertThat(System.nanoTime()).as("lag in time").isLessThan(deadline);
            Thread.sleep(20);
            metrics = given().get("/q/metrics").asString();
        }
        return metrics;
    }

    @Test
    void offsetsOfDeletedTopicsAreNeitherListedNorShiftedNorMeasured() throws InterruptedException {
        Catalog former = Catalog.of(
                "test-cluster",
                1,
                1,
                List.of(
                        new Topic(new TopicId(3, 4), "orders", 2, Map.of()),
                        new Topic(new TopicId(5, 6), "gone", 1, Map.of())));
        List<CommittedOffset> before =
                List.of(new CommittedOffset("orders", 0, 40, ""), new CommittedOffset("gone", 0, 40, ""));
        groups.admin().reset("former", before, former::topic).await().atMost(Duration.ofSeconds(20));
        reset("former", "{\"topic\":\"orders\",\"to\":\"offset\",\"offset\":50,\"partitions\":[1]}")
                .then()
                .statusCode(200);

        var listed = given().get("/api/v1/groups/former/offsets").jsonPath();
        assertThat(listed.getList("offsets.topic", String.class)).containsExactly("orders");
        assertThat(listed.getList("offsets.partition", Integer.class)).containsExactly(1);
        assertThat(given().get("/api/v1/groups/former").jsonPath().getLong("totalLag"))
                .isEqualTo(50);
        assertProblem(reset("former", "{\"topic\":\"orders\",\"to\":\"shift\",\"shiftBy\":1,\"partitions\":[0]}"), 400);
        assertThat(metricsWith("millrace_group_lag{group=\"former\",partition=\"1\",topic=\"orders\"} 50.0"))
                .doesNotContain("millrace_group_lag{group=\"former\",partition=\"0\"");
        assertProblem(given().delete("/api/v1/groups/former/offsets?topic=gone"), 404);
    }

    @Test
    void aDryRunChangesNothing() {
        Response dry = reset("dry", "{\"topic\":\"orders\",\"to\":\"latest\",\"dryRun\":true}");

        assertThat(dry.jsonPath().getList("offsets.offset", Integer.class)).containsExactly(100, 100);
        assertProblem(given().get("/api/v1/groups/dry"), 404);
    }

    @Test
    void aGroupWithAMemberIsNeitherResetNorDeleted() throws Exception {
        NodeState.Serving serving = (NodeState.Serving) node.state();
        LiveMember.join(serving.coordinator(), "busy", "orders");

        assertProblem(reset("busy", "{\"topic\":\"orders\",\"to\":\"earliest\"}"), 409);
        assertProblem(given().delete("/api/v1/groups/busy"), 409);
        var described = given().get("/api/v1/groups/busy").jsonPath();
        assertThat(described.getString("type")).isEqualTo("consumer");
        assertThat(described.getList("members.clientId", String.class)).containsExactly("rest");
    }

    @Test
    void aDeletedGroupIsGone() {
        reset("old", "{\"topic\":\"orders\",\"to\":\"earliest\"}").then().statusCode(200);

        given().delete("/api/v1/groups/old").then().statusCode(204);

        assertProblem(given().get("/api/v1/groups/old"), 404);
        assertProblem(given().delete("/api/v1/groups/old"), 404);
    }

    @Test
    void badRequestsAreProblems() {
        assertProblem(reset("x", "{\"topic\":\"orders\",\"to\":\"yesterday\"}"), 400);
        assertProblem(reset("x", "{\"to\":\"latest\"}"), 400);
        assertProblem(reset("x", "{\"topic\":"), 400);
        assertProblem(reset("x", "{\"topic\":\"orders\",\"to\":\"latest\",\"partitions\":[2]}"), 400);
        assertProblem(reset("x", "{\"topic\":\"nothing\",\"to\":\"latest\"}"), 404);
        assertProblem(given().get("/api/v1/groups/nobody"), 404);
    }

    @Test
    void healthAndMetricsTellOfTheShards() {
        var ready = given().get("/q/health/ready").jsonPath();
        String metrics = given().get("/q/metrics").asString();

        assertThat(ready.getInt("checks.find { it.name == 'groups' }.data.shardsServing"))
                .isEqualTo(16);
        assertThat(metrics).contains("millrace_groups_shards_serving 16.0", "millrace_groups_put_seconds_count");
    }

    private static int target(String body) {
        return reset("targets", body)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getInt("offsets[1].offset");
    }

    private static Response reset(String group, String body) {
        return given().contentType(ContentType.JSON).body(body).post("/api/v1/groups/" + group + "/offsets/reset");
    }

    private static void assertProblem(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
    }
}
