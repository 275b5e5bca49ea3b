package io.millrace.e2e.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// All shapes of records and batches come back as they were sent.
///
/// Source: failures F12 (empty values), F15 (only the first record of a batch), F16 (checksums).
@WithCluster
final class ProduceIT {
    private static final int OLDEST = 3;
    private static final int NEWEST = 13;
    private static final int MEGABYTE = 1 << 20;

    private final MillraceCluster cluster;
    private final Clients clients;

    ProduceIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    static Stream<Integer> versions() {
        return IntStream.rangeClosed(OLDEST, NEWEST).boxed();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void eachRecordOfABatchIsKept(int version) {
        String name = "produce-v" + version;
        clients.createTopic(name, 1);
        List<Integer> counts = List.of(1, 2, 3, 10, 100, 1_000, 5_000);
        List<String> sent = new ArrayList<>();

        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            RawTopic topic = RawTopic.find(connection, name);
            for (int count : counts) {
                MemoryRecords batch = Batches.numbered("of-" + count + "-", count, Compression.NONE);
                var answer = topic.produce(connection, 0, batch, version);
                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
                assertThat(answer.baseOffset()).isEqualTo(sent.size());
                IntStream.range(0, count).forEach(i -> sent.add("of-" + count + "-" + i));
            }
        }

        assertThat(new Reading(clients).records(name))
                .extracting(record -> text(record.value()))
                .containsExactlyElementsOf(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void nullsHeadersAndEmptyValuesComeBack(String compression) {
        String name = "shapes.of_" + compression;
        clients.createTopic(new NewTopic(name, 1, (short) -1).configs(Map.of("retention.ms", "-1")));
        List<ProducerRecord<byte[], byte[]>> shapes = shapes(name);

        List<RecordMetadata> places = send(shapes, Map.of("compression.type", compression, "linger.ms", 20));
        List<ConsumerRecord<byte[], byte[]>> read = new Reading(clients).records(name);

        assertThat(read).hasSize(shapes.size());
        for (int i = 0; i < shapes.size(); i++) {
            assertThat(read.get(i).offset()).isEqualTo(places.get(i).offset());
            assertThat(read.get(i).key()).isEqualTo(shapes.get(i).key());
            assertThat(read.get(i).value()).isEqualTo(shapes.get(i).value());
            assertThat(read.get(i).timestamp()).isEqualTo(shapes.get(i).timestamp());
            assertThat(headers(read.get(i).headers().toArray()))
                    .isEqualTo(headers(shapes.get(i).headers().toArray()));
        }
    }

    @Test
    void valuesOfAllSizesComeBack() {
        String name = "sizes";
        clients.createTopic(new NewTopic(name, 1, (short) -1)
                .configs(Map.of("max.message.bytes", Integer.toString(12 * MEGABYTE))));
        Random random = Seed.print("valuesOfAllSizesComeBack").random();
        List<ProducerRecord<byte[], byte[]>> sizes = IntStream.of(
                        1, 2, 511, 512, 513, 4_095, 65_537, MEGABYTE - 100, MEGABYTE, MEGABYTE + 1, 10 * MEGABYTE)
                .mapToObj(size -> new ProducerRecord<byte[], byte[]>(name, bytes(random, size)))
                .toList();

        List<RecordMetadata> places =
                send(sizes, Map.of("max.request.size", 12 * MEGABYTE, "buffer.memory", 64 * MEGABYTE));
        List<ConsumerRecord<byte[], byte[]>> read = new Reading(clients).records(name);

        assertThat(places).hasSameSizeAs(read);
        assertThat(read).hasSameSizeAs(sizes);
        for (int i = 0; i < sizes.size(); i++) {
            assertThat(Arrays.equals(read.get(i).value(), sizes.get(i).value())).isTrue();
        }
    }

    @Test
    void withoutAcknowledgementsTheOrderIsKept() {
        String name = "acks-none";
        clients.createTopic(name, 1);
        int count = 500;

        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            RawTopic topic = RawTopic.find(connection, name);
            for (int i = 0; i < count; i++) {
                connection.postUnanswered(topic.produceRequest(0, Batches.of("unanswered " + i), 0, 9), 9);
            }
            // An answered request behind them on the same connection: it is done when they are.
            var last = topic.produce(connection, 0, Batches.of("answered"), 9);
            assertThat(last.baseOffset()).isEqualTo(count);
        }

        assertThat(new Reading(clients).records(name))
                .extracting(record -> text(record.value()))
                .startsWith("unanswered 0", "unanswered 1", "unanswered 2")
                .endsWith("unanswered " + (count - 1), "answered")
                .hasSize(count + 1)
                .doesNotHaveDuplicates();
    }

    @Test
    void theLogsOwnTimeReplacesTheProducersWhereATopicWantsIt() {
        String name = "log-append-time";
        clients.createTopic(
                new NewTopic(name, 1, (short) -1).configs(Map.of("message.timestamp.type", "LogAppendTime")));

        List<RecordMetadata> places = send(
                List.of(new ProducerRecord<>(name, 0, 1_000L, null, "old".getBytes(StandardCharsets.UTF_8))), Map.of());
        ConsumerRecord<byte[], byte[]> read = new Reading(clients).records(name).getFirst();

        assertThat(read.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(read.timestamp())
                .isGreaterThan(1_600_000_000_000L)
                .isEqualTo(places.getFirst().timestamp());
    }

    private List<RecordMetadata> send(List<ProducerRecord<byte[], byte[]>> records, Map<String, Object> settings) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producerWith(settings)) {
            return records.stream().map(producer::send).toList().stream()
                    .map(Await::value)
                    .toList();
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> shapes(String topic) {
        byte[] key = "key".getBytes(StandardCharsets.UTF_8);
        byte[] value = "value".getBytes(StandardCharsets.UTF_8);
        byte[] empty = new byte[0];
        List<Header> headers = List.of(
                new RecordHeader("trace", new byte[] {0, 1, (byte) 0xFF}),
                new RecordHeader("trace", empty),
                new RecordHeader("", (byte[]) null),
                new RecordHeader("größe", value));
        return List.of(
                shape(topic, 1, null, value, List.of()),
                shape(topic, 2, key, null, List.of()),
                shape(topic, 3, null, null, List.of()),
                shape(topic, 4, key, empty, List.of()),
                shape(topic, 5, empty, value, List.of()),
                shape(topic, 6, empty, empty, List.of()),
                shape(topic, 7, key, value, headers),
                shape(topic, 0, key, new byte[10_000], List.of()));
    }

    private static ProducerRecord<byte[], byte[]> shape(
            String topic, long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        return new ProducerRecord<>(topic, 0, timestamp, key, value, headers);
    }

    private static List<String> headers(Header[] headers) {
        return Arrays.stream(headers)
                .map(header -> header.key() + "=" + Arrays.toString(header.value()))
                .toList();
    }

    private static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
