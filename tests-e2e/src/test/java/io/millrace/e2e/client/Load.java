package io.millrace.e2e.client;

import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Origin;
import io.millrace.e2e.journal.Place;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// One producer instance that sends numbered records and writes down what was acknowledged.
///
/// Threads: one sends; the producer's own thread acknowledges.
public final class Load implements AutoCloseable {
    private final String name;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random;
    private final Journal journal = new Journal();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();

    public Load(String name, KafkaProducer<byte[], byte[]> producer, Random random) {
        this.name = name;
        this.producer = producer;
        this.random = random;
    }

    /// Sends one record of 1 to `maxBytes` random bytes.
    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets the outcome
    public void send(String topic, int partition, int maxBytes) {
        byte[] value = new byte[1 + random.nextInt(maxBytes)];
        random.nextBytes(value);
        byte[] key = new Origin(name, sent.getAndIncrement()).toKey();
        producer.send(
                new ProducerRecord<>(topic, partition, key, value),
                (where, failure) -> note(key, value, where, failure));
    }

    public void flush() {
        producer.flush();
    }

    public long sent() {
        return sent.get();
    }

    public Journal journal() {
        return journal;
    }

    /// What the producer gave up; empty as long as every record was acknowledged or is still being tried.
    public Queue<Exception> failures() {
        return failures;
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ofSeconds(60));
    }

    private void note(byte[] key, byte[] value, @Nullable RecordMetadata where, @Nullable Exception failure) {
        if (failure == null) {
            RecordMetadata place = Objects.requireNonNull(where);
            journal.add(new Place(place.topic(), place.partition(), place.offset()), key, value);
        } else {
            failures.add(failure);
        }
    }
}
