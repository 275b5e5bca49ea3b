package io.millrace.e2e.topics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Offsets by timestamp, with timestamps in no order, in sealed files and in the log: the first record that is not
/// earlier, as reading everything tells, also behind a moved log start and after a kill.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TimeIndexIT {
    private static final int RECORDS = 3_000;
    private static final int VALUE_BYTES_MAX = 600;
    private static final int LOOK_UPS = 150;
    private static final long FIRST_TIME = 1_600_000_000_000L;
    private static final int MILLIS_MAX = 2_000;

    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("time-index")
            .with("millrace.wal-store.segment-size", "256K")
            .with("millrace.wal-store.round-size-max", "128K")
            .with("millrace.wal-store.batch-size-max", "128K")
            .with("millrace.wal-store.seal-segments-min", "1"));

    private final Clients clients = new Clients(cluster.bootstrap());
    private final Random random = Seed.print("TimeIndexIT").random();

    @ParameterizedTest
    @CsvSource({"none, CreateTime", "zstd, CreateTime", "snappy, CreateTime", "zstd, LogAppendTime"})
    void theFirstRecordThatIsNotEarlierIsFound(String codec, String timestampType) {
        String topic = "time-" + codec + "-" + timestampType;
        clients.createTopic(new NewTopic(topic, 1, (short) -1)
                .configs(Map.of("retention.ms", "-1", "message.timestamp.type", timestampType)));
        produce(topic, codec);
        Awaitility.await("a part is sealed")
                .atMost(Duration.ofSeconds(30))
                .until(() -> sealedPosition() > 0 && unsealedBytes() > 0);

        compare(topic);
        deleteHalf(topic);
        compare(topic);
        cluster.kill(Service.WAL_STORE);
        cluster.start(Service.WAL_STORE);
        compare(topic);
    }

    private void produce(String topic, String codec) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producerWith(
                Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec, ProducerConfig.BATCH_SIZE_CONFIG, 4_000))) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] value = new byte[1 + random.nextInt(VALUE_BYTES_MAX)];
                random.nextBytes(value);
                // Mostly later than before, now and then much earlier or later.
                long time = FIRST_TIME + i + random.nextInt(random.nextInt(20) == 0 ? MILLIS_MAX : 10);
                var _ = producer.send(new ProducerRecord<>(topic, 0, time, null, value));
            }
            producer.flush();
        }
    }

    private long sealedPosition() {
        return wal("sealing.sealedPosition");
    }

    private long unsealedBytes() {
        return wal("endPosition") - sealedPosition();
    }

    private long wal(String name) {
        return given().get(cluster.rest(Service.WAL_STORE) + "/api/v1/wal")
                .jsonPath()
                .getLong(name);
    }

    private void deleteHalf(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = clients.admin()) {
            Await.value(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(RECORDS / 2)))
                    .all());
        }
    }

    private void compare(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new Reading(clients).records(topic);
        long first = records.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow();
        long last = records.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            for (int i = 0; i < LOOK_UPS; i++) {
                long time = first - 10 + random.nextLong(last - first + 20);
                Optional<Found> expected = expected(records, time);

                OffsetAndTimestamp found =
                        consumer.offsetsForTimes(Map.of(partition, time)).get(partition);

                assertThat(Found.of(found)).as("at %d", time).isEqualTo(expected);
            }
        }
    }

    private static Optional<Found> expected(List<ConsumerRecord<byte[], byte[]>> records, long time) {
        return records.stream()
                .filter(record -> record.timestamp() >= time)
                .findFirst()
                .map(record -> new Found(record.offset(), record.timestamp()));
    }

    private record Found(long offset, long timestamp) {

        static Optional<Found> of(@Nullable OffsetAndTimestamp answer) {
            return Optional.ofNullable(answer).map(found -> new Found(found.offset(), found.timestamp()));
        }
    }
}
