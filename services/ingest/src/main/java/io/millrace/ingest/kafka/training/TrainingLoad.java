package io.millrace.ingest.kafka.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What the four services do most, done for a few seconds while their start-up caches are recorded: the caches keep the
/// loaded classes and the profiles of hot methods, so that a service that starts with them is soon as fast as a warm
/// one.
///
/// Run by `./millrace` as a process of its own, with the Kafka client that ingest brings along; the argument is the
/// bootstrap address. Threads: the main thread and the Kafka client's. Source: JEP 483, JEP 515.
final class TrainingLoad {

    private static final String TOPIC = "training";
    private static final int PARTITIONS = 6;
    private static final int RECORD_BYTES = 1_000;
    private static final int STREAMED_RECORDS = 60_000;
    private static final int SINGLE_RECORDS = 3_000;
    private static final int FOLLOWED_RECORDS = 1_500;
    private static final int GROUP_COMMITS = 200;

    private final String bootstrap;

    private TrainingLoad(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    public static void main(String[] arguments) throws Exception {
        TrainingLoad load = new TrainingLoad(arguments[0]);
        load.createTopic();
        load.produce("none", STREAMED_RECORDS);
        load.produce("lz4", STREAMED_RECORDS / 10);
        load.produceOneByOne();
        load.consume();
        load.followTheTail();
        load.consumeInAGroup("classic");
        load.consumeInAGroup("consumer");
        load.deleteTopic();
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(settings())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            admin.describeTopics(List.of(TOPIC)).allTopicNames().get();
        }
    }

    private void produce(String compression, int records) throws Exception {
        Properties settings = settings();
        settings.put("compression.type", compression);
        settings.put("linger.ms", "5");
        settings.put("batch.size", "131072");
        List<Future<RecordMetadata>> answers = new ArrayList<>(records);
        try (KafkaProducer<byte[], byte[]> producer = producer(settings)) {
            for (int i = 0; i < records; i++) {
                answers.add(producer.send(
                        new ProducerRecord<>(TOPIC, i % PARTITIONS, new byte[0], new byte[RECORD_BYTES])));
            }
        }
        for (Future<RecordMetadata> answer : answers) {
            answer.get();
        }
    }

    private void produceOneByOne() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(settings())) {
            for (int i = 0; i < SINGLE_RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, new byte[0], new byte[RECORD_BYTES]))
                        .get();
            }
        }
    }

    private void consume() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings())) {
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            for (int pass = 0; pass < 3; pass++) {
                consumer.seekToBeginning(partitions);
                long end = consumer.endOffsets(partitions).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                long read = 0;
                while (read < end) {
                    read += consumer.poll(Duration.ofSeconds(1)).count();
                }
            }
        }
    }

    /// Each record is awaited by a consumer that has read all before it.
    private void followTheTail() throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings());
                KafkaProducer<byte[], byte[]> producer = producer(settings())) {
            consumer.assign(partitions());
            consumer.seekToEnd(partitions());
            partitions().forEach(consumer::position);
            for (int i = 0; i < FOLLOWED_RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, new byte[0], new byte[RECORD_BYTES]))
                        .get();
                int read = 0;
                while (read == 0) {
                    read = consumer.poll(Duration.ofSeconds(1)).count();
                }
            }
        }
    }

    private void consumeInAGroup(String protocol) {
        Properties settings = settings();
        settings.put("group.id", "training-" + protocol);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", "100");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
            consumer.subscribe(Set.of(TOPIC));
            int commits = 0;
            while (commits < GROUP_COMMITS) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                if (!records.isEmpty()) {
                    consumer.commitSync();
                    commits++;
                }
            }
        }
    }

    private void deleteTopic() throws Exception {
        try (Admin admin = Admin.create(settings())) {
            admin.deleteTopics(List.of(TOPIC)).all().get();
        }
    }

    private static List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
    }

    private static KafkaProducer<byte[], byte[]> producer(Properties settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Properties settings) {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", "30000"));
        return settings;
    }
}
