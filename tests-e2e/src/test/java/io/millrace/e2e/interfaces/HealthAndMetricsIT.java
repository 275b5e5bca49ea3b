package io.millrace.e2e.interfaces;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Metrics;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import io.restassured.response.Response;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Probes, metrics and the interface's description, and that what the metrics count is what happened.
@WithCluster
final class HealthAndMetricsIT {
    private static final int BATCHES = 250;

    private final MillraceCluster cluster;

    HealthAndMetricsIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void theProbesAreUp(Service service) {
        for (String probe : new String[] {"live", "ready", "started"}) {
            Response response = get(service, "/q/health/" + probe);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.jsonPath().getString("status")).isEqualTo("UP");
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void theInterfaceIsDescribed(Service service) {
        assertThat(get(service, "/openapi").asString()).contains("/api/v1/cluster");
        assertThat(get(service, "/q/swagger-ui/").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void theStagesAreMeasured(Service service) {
        String metrics = get(service, "/q/metrics").asString();

        assertThat(metrics).contains("jvm_memory_used_bytes");
        assertThat(metrics).contains("\nmillrace_");
    }

    /// Source: failures F05 and F06: each acknowledged batch was appended once, no more and no less.
    @Test
    void theWalCountsEachAcknowledgedBatchOnce() {
        new Clients(cluster.bootstrap()).createTopic("counted", 1);
        Metrics metrics = cluster.metrics(Service.WAL_STORE);
        double batchesBefore = metrics.sum("millrace_wal_batches_total");
        double bytesBefore = metrics.sum("millrace_wal_batch_bytes_total");
        long bytes = 0;

        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            RawTopic topic = RawTopic.find(connection, "counted");
            for (int i = 0; i < BATCHES; i++) {
                MemoryRecords batch = Batches.of("counted " + i);
                bytes += batch.sizeInBytes();
                assertThat(Errors.forCode(topic.produce(connection, 0, batch, 9).errorCode()))
                        .isEqualTo(Errors.NONE);
            }
        }

        assertThat(metrics.sum("millrace_wal_batches_total") - batchesBefore).isEqualTo(BATCHES);
        assertThat(metrics.sum("millrace_wal_batch_bytes_total") - bytesBefore).isEqualTo((double) bytes);
    }

    private Response get(Service service, String path) {
        return given().baseUri(cluster.rest(service).toString()).get(path);
    }
}
