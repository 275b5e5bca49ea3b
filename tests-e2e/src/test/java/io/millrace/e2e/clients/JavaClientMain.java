package io.millrace.e2e.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka's Java clients of whatever version is on the class path, used as of old:
/// `produce BOOTSTRAP TOPIC` or `consume BOOTSTRAP TOPIC GROUP`.
final class JavaClientMain {
    private JavaClientMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        switch (arguments[0]) {
            case "produce" -> produce(arguments[1], arguments[2]);
            case "consume" -> consume(arguments[1], arguments[2], arguments[3]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void produce(String bootstrap, String topic)
            throws IOException, InterruptedException, ExecutionException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "compression.type",
                "lz4",
                "request.timeout.ms",
                10_000,
                "delivery.timeout.ms",
                180_000,
                "max.block.ms",
                120_000L);
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                sent.add(producer.send(new ProducerRecord<>(topic, line)));
            }
            for (Future<?> each : sent) {
                var _ = each.get();
            }
        }
    }

    private static void consume(String bootstrap, String topic, String group) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                group,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "session.timeout.ms",
                10_000);
        CountDownLatch isClosed = new CountDownLatch(1);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endInOrder(consumer, isClosed)));
            consumer.subscribe(List.of(topic));
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    System.out.println(record.partition() + " " + record.offset() + " " + record.value());
                }
                commit(consumer);
            }
        } catch (WakeupException ended) {
            System.out.println("ends");
        } finally {
            isClosed.countDown();
        }
    }

    /// What fails while the servers are down is committed with the next ones.
    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync();
        } catch (WakeupException ended) {
            throw ended;
        } catch (KafkaException failed) {
            System.out.println("not committed: " + failed);
        }
    }

    private static void endInOrder(KafkaConsumer<String, String> consumer, CountDownLatch isClosed) {
        consumer.wakeup();
        try {
            isClosed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
