package io.millrace.e2e.client;

import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// Reads whole topics by assignment, each partition from its first offset to the end that `ListOffsets(latest)` told
/// before the first fetch.
///
/// Errors: an assertion error when nothing comes for a while and the end is not reached.
public final class Reading {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Clients clients;
    private final Map<String, Object> settings = new HashMap<>();

    public Reading(Clients clients) {
        this.clients = clients;
    }

    public Reading with(String setting, Object value) {
        settings.put(setting, value);
        return this;
    }

    /// The records' places, origins and hashes.
    public List<Entry> journal(String... topics) {
        Journal journal = new Journal();
        for (ConsumerRecord<byte[], byte[]> record : records(topics)) {
            journal.add(new Place(record.topic(), record.partition(), record.offset()), record.key(), record.value());
        }
        return journal.entries();
    }

    public List<ConsumerRecord<byte[], byte[]>> records(String... topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(settings)) {
            List<TopicPartition> partitions = partitions(consumer, topics);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, SILENCE);
            consumer.seekToBeginning(partitions);
            return readTo(consumer, ends);
        }
    }

    /// The log end offsets as any client sees them now.
    public Map<TopicPartition, Long> ends(String... topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(settings)) {
            return consumer.endOffsets(partitions(consumer, topics), SILENCE);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String... topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            for (PartitionInfo info : consumer.partitionsFor(topic, SILENCE)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
        }
        return partitions;
    }

    private static List<ConsumerRecord<byte[], byte[]>> readTo(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        long deadline = System.nanoTime() + SILENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey(), SILENCE) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(500));
            polled.forEach(all::add);
            if (!polled.isEmpty()) {
                deadline = System.nanoTime() + SILENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing came for " + SILENCE + " with " + all.size() + " records read; ends "
                        + ends + ", at "
                        + ends.keySet().stream().map(consumer::position).toList());
            }
        }
        return all;
    }
}
