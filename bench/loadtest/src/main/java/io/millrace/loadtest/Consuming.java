package io.millrace.loadtest;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// One member of the group that reads everything and commits what it read every second.
///
/// Threads: run by one.
final class Consuming implements Runnable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_NANOS = 1_000_000_000L;

    private final Setting setting;

    /// What all consumers share.
    record Setting(
            String bootstrap,
            String group,
            Collection<String> topics,
            Codec codec,
            Tracker tracker,
            Timeline timeline,
            BooleanSupplier isOver) {}

    Consuming(Setting setting) {
        this.setting = setting;
    }

    @Override
    public void run() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                setting.bootstrap(),
                "group.id",
                setting.group(),
                "group.protocol",
                "consumer",
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "none",
                "reconnect.backoff.max.ms",
                500);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(setting.topics());
            long nextCommit = System.nanoTime() + COMMIT_NANOS;
            while (!setting.isOver().getAsBoolean()) {
                take(consumer.poll(POLL));
                if (System.nanoTime() > nextCommit) {
                    commit(consumer);
                    nextCommit = System.nanoTime() + COMMIT_NANOS;
                }
            }
        }
    }

    private static void commit(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            consumer.commitSync(Duration.ofSeconds(10));
        } catch (KafkaException later) {
            System.err.println("commit: " + later.getMessage() + " (tried again in a second)");
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Optional<Stamp> stamp = setting.codec().stamp(record.value());
            TopicPartition from = new TopicPartition(record.topic(), record.partition());
            if (setting.tracker().receive(from, record.offset(), stamp)) {
                setting.timeline().received(stamp.orElseThrow().sentNanos());
            }
        }
    }
}
