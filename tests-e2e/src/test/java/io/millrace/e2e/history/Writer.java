package io.millrace.e2e.history;

import io.millrace.e2e.client.Background;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.history.Event.Acknowledged;
import io.millrace.e2e.history.Event.Sent;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Hash;
import io.millrace.e2e.journal.Origin;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// An idempotent producer that writes down what it sends and what it is told.
///
/// Threads: sends on one of its own.
final class Writer implements Actor {
    private static final int VALUE_BYTES_MAX = 300;
    private static final int UNACKNOWLEDGED_MAX = 200;
    private static final long GAP_NANOS = 1_000_000;

    private final History history;
    private final String name;
    private final List<TopicPartition> partitions;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Background sending;
    private long sent;

    Writer(History history, Clients clients, String name, List<TopicPartition> partitions, Random random) {
        this.history = history;
        this.name = name;
        this.partitions = partitions;
        this.random = random;
        this.producer = clients.producer();
        this.sending = Background.repeat("writer " + name, this::step);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /// What the producer gave up.
    Queue<Exception> failures() {
        return failures;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets the outcome
    private void step() {
        if (sent - acknowledged.get() - failures.size() < UNACKNOWLEDGED_MAX) {
            TopicPartition partition = partitions.get(random.nextInt(partitions.size()));
            byte[] value = new byte[1 + random.nextInt(VALUE_BYTES_MAX)];
            random.nextBytes(value);
            Origin origin = new Origin(name, sent++);
            Hash hash = Hash.of(value);
            history.add(new Sent(origin, partition, hash, System.nanoTime()));
            producer.send(
                    new ProducerRecord<>(partition.topic(), partition.partition(), origin.toKey(), value),
                    (where, failure) -> note(origin, hash, where, failure));
        }
        LockSupport.parkNanos(GAP_NANOS);
    }

    private void note(Origin origin, Hash hash, @Nullable RecordMetadata where, @Nullable Exception failure) {
        if (failure == null) {
            RecordMetadata told = Objects.requireNonNull(where);
            Place place = new Place(told.topic(), told.partition(), told.offset());
            history.add(new Acknowledged(new Entry(place, origin, hash, System.nanoTime())));
            acknowledged.incrementAndGet();
        } else {
            failures.add(failure);
        }
    }

    /// Stops sending, and returns when everything that was sent has its answer.
    @Override
    public void close() {
        sending.stop();
        producer.flush();
        producer.close(Duration.ofSeconds(60));
    }
}
