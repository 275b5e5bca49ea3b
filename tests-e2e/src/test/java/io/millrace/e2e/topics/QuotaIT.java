package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.WithCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real clients are held to their quotas.
@WithCluster
final class QuotaIT {
    private static final int VALUE_BYTES = 100_000;

    private final MillraceCluster cluster;
    private final Clients clients;
    private final Admin admin;

    QuotaIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
        this.admin = clients.admin();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void aProducerIsThrottledByItsClientIdAndOthersAreNot() {
        clients.createTopic("quota-produce", 1);
        set("quota-slow", "producer_byte_rate", 50_000.0);

        assertThat(throttleOfProducer("quota-slow")).isPositive();
        assertThat(throttleOfProducer("quota-free")).isZero();

        set("quota-slow", "producer_byte_rate", null);
        assertThat(throttleOfProducer("quota-slow")).isZero();
    }

    @Test
    void aConsumerIsThrottledByItsClientId() {
        clients.createTopic("quota-fetch", 1);
        send("quota-fetch", "quota-free", 10);
        set("quota-reader", "consumer_byte_rate", 50_000.0);

        TopicPartition partition = new TopicPartition("quota-fetch", 0);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(
                Map.of(ConsumerConfig.CLIENT_ID_CONFIG, "quota-reader", ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            int read = 0;
            while (read < 10) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }

            assertThat(max(consumer.metrics(), "fetch-throttle-time-max")).isPositive();
        }
        set("quota-reader", "consumer_byte_rate", null);
    }

    @Test
    void aQuotaIsThereAfterARestart() {
        set("quota-kept", "consumer_byte_rate", 7_000.0);

        cluster.kill();
        cluster.start();

        Map<ClientQuotaEntity, Map<String, Double>> quotas =
                Await.value(admin.describeClientQuotas(ClientQuotaFilter.containsOnly(List.of(
                                ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.CLIENT_ID, "quota-kept"))))
                        .entities());
        assertThat(quotas).isEqualTo(Map.of(entity("quota-kept"), Map.of("consumer_byte_rate", 7_000.0)));
        set("quota-kept", "consumer_byte_rate", null);
    }

    private double throttleOfProducer(String clientId) {
        return send("quota-produce", clientId, 7);
    }

    private double send(String topic, String clientId, int count) {
        Map<String, Object> config =
                Map.of(ProducerConfig.CLIENT_ID_CONFIG, clientId, ProducerConfig.BATCH_SIZE_CONFIG, VALUE_BYTES);
        try (KafkaProducer<byte[], byte[]> producer = clients.producerWith(config)) {
            for (int i = 0; i < count; i++) {
                Await.value(producer.send(new ProducerRecord<>(topic, 0, null, new byte[VALUE_BYTES])));
            }
            return max(producer.metrics(), "produce-throttle-time-max");
        }
    }

    private static double max(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .mapToDouble(metric -> (double) metric.metricValue())
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
    }

    private void set(String clientId, String quota, @Nullable Double value) {
        Await.value(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        entity(clientId), List.of(new ClientQuotaAlteration.Op(quota, value)))))
                .all());
    }

    private static ClientQuotaEntity entity(String clientId) {
        return new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId));
    }
}
