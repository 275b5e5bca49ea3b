package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.KafkaTool;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.tools.streams.StreamsGroupCommand;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Kafka Streams application with a repartitioning and a state store, under both protocols: restarted in the middle,
/// on another machine so to speak, and its coordinator too, it has seen each record.
final class StreamsIT {
    private static final int PARTITIONS = 4;
    private static final int HALF = 600;

    private static MillraceCluster cluster;
    private static Clients clients;

    @TempDir
    private Path stateDirectory = Path.of("");

    @BeforeAll
    static void start() {
        cluster = MillraceCluster.start(QuickGroups.cluster("streams"));
        clients = new Clients(cluster.bootstrap());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void theStateIsRightAfterRestartsInTheMiddle(String protocol) {
        String name = "app-" + protocol;
        clients.createTopic(name + "-in", PARTITIONS);
        clients.createTopic(name + "-out", PARTITIONS);

        try (StreamsApplication first = application(name, protocol, "first")) {
            first.awaitRunning();
            send(name + "-in", 0, HALF / 2);
            cluster.kill(Service.OFFSET_COORDINATOR);
            send(name + "-in", HALF / 2, HALF);
            cluster.start(Service.OFFSET_COORDINATOR);
            awaitSeen(name + "-out", HALF);
        }
        try (StreamsApplication second = application(name, protocol, "second");
                StreamsApplication third = application(name, protocol, "third")) {
            second.awaitRunning();
            third.awaitRunning();
            send(name + "-in", HALF, 2 * HALF);
            awaitSeen(name + "-out", 2 * HALF);
            assertThat(second.failures()).isEmpty();
            assertThat(third.failures()).isEmpty();
            assertEverythingIsCommitted(name);
            if (protocol.equals("streams")) {
                assertThat(KafkaTool.run(
                                StreamsGroupCommand.class.getName(),
                                List.of("--bootstrap-server", cluster.bootstrap(), "--list", "--state")))
                        .anyMatch(line -> line.matches(name + " +Stable *"));
            }
        }
    }

    private StreamsApplication application(String name, String protocol, String instance) {
        return StreamsApplication.start(
                SeenNumbers.topology(name + "-in", name + "-out"),
                new StreamsApplication.Place(cluster.bootstrap(), name, protocol, stateDirectory.resolve(instance)));
    }

    private static void send(String topic, int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            for (int i = from; i < to; i++) {
                byte[] number = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                var _ = producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, number));
            }
            producer.flush();
        }
    }

    /// The last value of each key tells all numbers that it has seen.
    private static void awaitSeen(String topic, int count) {
        Map<String, Set<Integer>> expected = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            expected.computeIfAbsent("key-" + i % SeenNumbers.KEYS, _ -> new TreeSet<>())
                    .add(i);
        }
        Map<String, Set<Integer>> seen = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of("auto.offset.reset", "earliest"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Awaitility.await(count + " numbers are seen in " + topic)
                    .atMost(Duration.ofSeconds(90))
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                            seen.put(text(record.key()), SeenNumbers.numbers(text(record.value())));
                        }
                        return seen.equals(expected);
                    });
        }
    }

    private static void assertEverythingIsCommitted(String name) {
        try (Admin admin = clients.admin()) {
            Set<TopicPartition> inputs = new HashSet<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                inputs.add(new TopicPartition(name + "-in", partition));
            }
            Awaitility.await("the application has committed its input")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Committed.of(admin, name).entrySet().stream()
                            .filter(entry -> inputs.contains(entry.getKey()))
                            .collect(Collectors.summingLong(Map.Entry::getValue))
                            .equals(2L * HALF));
            assertThat(Await.value(admin.listTopics().names()))
                    .anyMatch(topic -> topic.startsWith(name) && topic.endsWith("-changelog"))
                    .anyMatch(topic -> topic.startsWith(name) && topic.endsWith("-repartition"));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
