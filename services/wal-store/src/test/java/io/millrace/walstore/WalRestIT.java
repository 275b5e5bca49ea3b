package io.millrace.walstore;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// wal-store's REST interface, health and metrics.
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
final class WalRestIT {

    @BeforeEach
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (given().get("/q/health/ready").statusCode() != 200) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void theWalShowsWhereItLiesAndHowFarItIs() {
        var wal = given().get("/api/v1/wal").then().statusCode(200).extract().jsonPath();

        assertThat(wal.getString("directory")).endsWith("wal-store");
        assertThat(wal.getString("device.type")).isNotBlank();
        assertThat(wal.getLong("device.usableBytes")).isPositive();
        assertThat(wal.getString("clusterId")).isNotBlank();
        assertThat(wal.getList("segments")).isNotEmpty();
        assertThat(wal.getLong("rounds")).isPositive();
        assertThat(wal.getBoolean("isDiskFull")).isFalse();
    }

    @Test
    void healthShowsDirectoryDeviceAndFreeSpace() {
        var ready =
                given().get("/q/health/ready").then().statusCode(200).extract().jsonPath();

        var data = ready.getMap("checks.find { it.name == 'wal' }.data");
        assertThat(data).containsKeys("directory", "device", "usableBytes", "clusterId");
        assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(given().get("/q/health/started").statusCode()).isEqualTo(200);
    }

    @Test
    void theClusterListsThisInstanceAndThoseThatDoNotAnswer() {
        var cluster =
                given().get("/api/v1/cluster").then().statusCode(200).extract().jsonPath();

        assertThat(cluster.getString("self.service")).isEqualTo("wal-store");
        assertThat(cluster.getString("self.version")).isNotBlank();
        assertThat(cluster.getList("instances.findAll { !it.live }.service", String.class))
                .contains("ingest", "fetch", "offset-coordinator");
    }

    @Test
    void anUnknownPathIsAProblem() {
        Response response = given().get("/api/v1/nothing");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.jsonPath().getInt("status")).isEqualTo(404);
    }

    @Test
    void aRequestKeepsTheTraceIdOfItsCaller() {
        var traceId = "0af7651916cd43dd8448eb211c80319c";

        Response response = given().header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
                .get("/api/v1/wal");

        assertThat(response.header("Trace-Id")).isEqualTo(traceId);
    }

    @Test
    void aRequestWithoutATraceIdGetsOne() {
        assertThat(given().get("/api/v1/wal").header("Trace-Id")).matches("[0-9a-f]{32}");
    }

    @Test
    void aMethodThatIsNotAllowedIsAProblem() {
        Response response = given().delete("/api/v1/wal");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.contentType()).startsWith("application/problem+json");
    }

    @Test
    void aTopicThatIsNotThereIsAProblem() {
        Response response = given().get("/api/v1/wal/topics/nothing");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.jsonPath().getString("detail")).contains("nothing");
    }

    @Test
    void eachStageHasMeters() {
        String metrics =
                given().get("/q/metrics").then().statusCode(200).extract().asString();

        assertThat(metrics)
                .contains(
                        "millrace_wal_forces_total",
                        "millrace_wal_batches_total",
                        "millrace_wal_round_force_seconds",
                        "millrace_wal_queue_bytes",
                        "millrace_wal_reads_total",
                        "millrace_wal_usable_bytes",
                        "millrace_wal_expired_bytes_total",
                        "millrace_events_dropped_total");
    }

    @Test
    void theInterfaceDescribesItself() {
        String openApi =
                given().get("/openapi").then().statusCode(200).extract().asString();

        assertThat(openApi).contains("/api/v1/wal").contains("/api/v1/cluster");
        assertThat(given().get("/q/swagger-ui/").statusCode()).isEqualTo(200);
    }
}
