package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.WithCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What a schema registry does with its compacted topic: write a schema, read it back at its offset, and at each
/// start read everything up to a marker that it has just written.
///
/// Source: failures F12 (values of internal topics came back empty), F13 (0 of 10 schemas verified).
@WithCluster
final class SchemaTopicIT {
    private static final String TOPIC = "_schemas";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int SCHEMAS = 10;

    private final MillraceCluster cluster;
    private final Clients clients;

    SchemaTopicIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void allSchemasAreThereAfterEachStart() {
        clients.createTopic(new NewTopic(TOPIC, 1, (short) -1).configs(Map.of("cleanup.policy", "compact")));
        Map<String, String> schemas = new LinkedHashMap<>();
        for (int i = 0; i < SCHEMAS; i++) {
            schemas.put("{\"subject\":\"s" + i + "\",\"version\":1}", "{\"schema\":\"record number " + i + "\"}");
        }

        try (KafkaProducer<byte[], byte[]> producer = clients.producer();
                KafkaConsumer<byte[], byte[]> reader = clients.consumer(Map.of())) {
            reader.assign(List.of(PARTITION));
            reader.seek(PARTITION, 0);
            schemas.forEach((key, value) -> {
                long offset = write(producer, key, value);
                ConsumerRecord<byte[], byte[]> back = readOne(reader);
                assertThat(back.offset()).isEqualTo(offset);
                assertThat(text(back.key())).isEqualTo(key);
                assertThat(text(back.value())).isEqualTo(value);
            });
        }
        assertThat(startOfARegistry()).isEqualTo(schemas);

        for (int round = 0; round < 2; round++) {
            cluster.kill();
            cluster.start();

            assertThat(startOfARegistry()).isEqualTo(schemas);
        }
    }

    /// What a registry knows after its start.
    private Map<String, String> startOfARegistry() {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer();
                KafkaConsumer<byte[], byte[]> reader = clients.consumer(Map.of())) {
            reader.assign(List.of(PARTITION));
            reader.seekToBeginning(List.of(PARTITION));
            long marker = write(producer, "{\"keytype\":\"NOOP\"}", null);
            Map<String, String> known = new LinkedHashMap<>();
            for (long last = -1; last < marker; ) {
                ConsumerRecord<byte[], byte[]> record = readOne(reader);
                assertThat(record.offset()).isEqualTo(last + 1);
                last = record.offset();
                if (record.value() != null) {
                    known.put(text(record.key()), text(record.value()));
                }
            }
            return known;
        }
    }

    private static long write(
            KafkaProducer<byte[], byte[]> producer, String key, @org.jspecify.annotations.Nullable String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        return Await.value(producer.send(new ProducerRecord<>(TOPIC, 0, key.getBytes(StandardCharsets.UTF_8), bytes)))
                .offset();
    }

    private static ConsumerRecord<byte[], byte[]> readOne(KafkaConsumer<byte[], byte[]> reader) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Awaitility.await("a record comes").atMost(Duration.ofSeconds(30)).until(() -> {
            reader.poll(Duration.ofMillis(200)).forEach(records::add);
            return !records.isEmpty();
        });
        ConsumerRecord<byte[], byte[]> first = records.getFirst();
        reader.seek(PARTITION, first.offset() + 1);
        return Objects.requireNonNull(first);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
