package io.millrace.e2e.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What a client measures becomes a metric of the instance that it told it to.
@WithCluster
final class TelemetryIT {
    private final MillraceCluster cluster;

    TelemetryIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aProducersMetricsAreAmongTheInstances() {
        Clients clients = new Clients(cluster.bootstrap());
        clients.createTopic("telemetry", 1);
        try (Admin admin = clients.admin()) {
            Await.value(admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "telemetry-test"),
                            List.of(
                                    set("metrics", "org.apache.kafka.producer.connection.creation"),
                                    set("interval.ms", "100"),
                                    set("match", "client_id=telemetry-.*"))))
                    .all());
        }
        try (KafkaProducer<byte[], byte[]> producer =
                clients.producerWith(Map.of(ProducerConfig.CLIENT_ID_CONFIG, "telemetry-producer"))) {
            Await.value(producer.send(new ProducerRecord<>("telemetry", new byte[1])));

            assertThat(producer.clientInstanceId(Duration.ofSeconds(10))).isNotNull();
            Awaitility.await("the producer's metric")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> connections() > 0);
        }
    }

    private double connections() {
        return Stream.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR)
                .mapToDouble(service -> cluster.metrics(service)
                        .sum(
                                "millrace_client_metric",
                                "metric=\"org.apache.kafka.producer.connection.creation.total\""))
                .sum();
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }
}
