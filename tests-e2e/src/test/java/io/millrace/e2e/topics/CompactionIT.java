package io.millrace.e2e.topics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.journal.Hash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compacted topics through real clients, in every codec, while wal-store is killed in the middle: the last value of
/// each key stays, at its offset, and what it superseded goes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CompactionIT {
    private static final int KEYS = 300;
    private static final int ROUNDS = 30;
    private static final int VALUE_BYTES = 3_000;

    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("compaction")
            .with("millrace.wal-store.segment-size", "4M")
            .with("millrace.wal-store.round-size-max", "1M")
            .with("millrace.wal-store.batch-size-max", "2M")
            .with("millrace.wal-store.seal-segments-min", "1")
            .with("millrace.wal-store.retention-check-interval", "300ms"));

    private final Clients clients = new Clients(cluster.bootstrap());
    private final Random random = new Random(8);

    /// The last acknowledged value of a key, which may be a tombstone, and where it is.
    private record Latest(long offset, Hash value) {}

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void theLastValueOfEachKeyStaysAtItsOffset(String codec) {
        String topic = "compacted-" + codec;
        clients.createTopic(new NewTopic(topic, 1, (short) -1)
                .configs(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.1")));
        Map<String, Latest> latest = new ConcurrentHashMap<>();

        try (KafkaProducer<byte[], byte[]> producer =
                clients.producerWith(Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec))) {
            for (int round = 0; round < ROUNDS; round++) {
                produce(producer, topic, latest);
                if (round == ROUNDS / 2) {
                    cluster.kill(Service.WAL_STORE);
                    cluster.start(Service.WAL_STORE);
                }
            }
            fill(producer, topic + "-filler");
        }
        Awaitility.await("what is superseded goes")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> read(topic).size() < KEYS * ROUNDS / 2);

        assertLatest(topic, latest);
        cluster.kill(Service.WAL_STORE);
        cluster.start(Service.WAL_STORE);
        assertLatest(topic, latest);
        assertThat(given().get(cluster.rest(Service.WAL_STORE) + "/q/metrics").asString())
                .contains("millrace_wal_compacted_bytes_total");
    }

    private void produce(KafkaProducer<byte[], byte[]> producer, String topic, Map<String, Latest> latest) {
        for (int i = 0; i < KEYS; i++) {
            String key = "key-" + random.nextInt(KEYS);
            byte[] value = random.nextInt(10) == 0 ? null : randomBytes(VALUE_BYTES);
            var _ = producer.send(record(topic, key, value), (where, failure) -> {
                if (failure == null) {
                    latest.put(key, new Latest(where.offset(), Hash.of(value)));
                }
            });
        }
        producer.flush();
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value);
    }

    /// Rolls the log's segments, so that what was written before is sealed.
    private void fill(KafkaProducer<byte[], byte[]> producer, String topic) {
        clients.createTopic(topic, 1);
        for (int i = 0; i < 40; i++) {
            var _ = producer.send(new ProducerRecord<>(topic, 0, new byte[0], randomBytes(500_000)));
        }
        producer.flush();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return new Reading(clients).records(topic);
    }

    private void assertLatest(String topic, Map<String, Latest> latest) {
        Map<String, Latest> found = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
            found.put(
                    new String(record.key(), StandardCharsets.UTF_8),
                    new Latest(record.offset(), Hash.of(record.value())));
        }
        assertThat(found).isEqualTo(latest);
    }
}
