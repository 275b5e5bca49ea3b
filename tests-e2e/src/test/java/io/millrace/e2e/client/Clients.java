package io.millrace.e2e.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Kafka's Java clients with settings that suit a server which is killed now and then: quick to come back, never
/// giving up before the test does.
///
/// Threads: any. Ownership: the caller closes what it gets.
public record Clients(String bootstrap) {

    /// An idempotent producer with acks=all.
    public KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(producerSettings(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    public KafkaProducer<byte[], byte[]> producerWith(Map<String, Object> settings) {
        return new KafkaProducer<>(producerSettings(settings), new ByteArraySerializer(), new ByteArraySerializer());
    }

    public KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        Map<String, Object> all = reconnecting();
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.putAll(settings);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public Admin admin() {
        Map<String, Object> settings = reconnecting();
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
        return Admin.create(settings);
    }

    public void createTopic(String name, int partitions) {
        createTopic(new NewTopic(name, partitions, (short) -1));
    }

    public void createTopic(NewTopic topic) {
        try (Admin admin = admin()) {
            Await.value(admin.createTopics(List.of(topic)).all());
        }
    }

    private Map<String, Object> producerSettings(Map<String, Object> more) {
        Map<String, Object> settings = reconnecting();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 180_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
        settings.putAll(more);
        return settings;
    }

    private Map<String, Object> reconnecting() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        settings.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 50);
        settings.put(AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
        return settings;
    }
}
