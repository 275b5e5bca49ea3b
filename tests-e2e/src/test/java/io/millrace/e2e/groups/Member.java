package io.millrace.e2e.groups;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// A member of a consumer group that commits after each poll and notes what happens to it.
///
/// Threads: polls on one of its own. Errors: `close` throws what the consumer threw.
final class Member implements AutoCloseable {
    private final Journal journal = new Journal();
    private final AtomicInteger assignments = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile Set<TopicPartition> owned = Set.of();
    private volatile boolean isStopping;

    static Member join(Clients clients, Map<String, Object> settings, String topic) {
        Member member = new Member();
        Map<String, Object> all = new HashMap<>(settings);
        all.put("auto.offset.reset", "earliest");
        // A commit that is made while the servers are down is tried again, not given up.
        all.put("default.api.timeout.ms", 120_000);
        Thread thread = new Thread(() -> member.run(clients, all, topic), "member");
        thread.setDaemon(true);
        thread.start();
        return member;
    }

    Set<TopicPartition> owned() {
        return owned;
    }

    Journal journal() {
        return journal;
    }

    /// How often it was given partitions, the first time included.
    int assignments() {
        return assignments.get();
    }

    /// How often partitions were taken from it without asking.
    int losses() {
        return losses.get();
    }

    boolean isRunning() {
        return !end.isDone();
    }

    @Override
    public void close() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the consumer is reported by close()
    private void run(Clients clients, Map<String, Object> settings, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(settings)) {
            consumer.subscribe(List.of(topic), new Listener());
            while (!isStopping) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                records.forEach(record -> journal.add(
                        new Place(record.topic(), record.partition(), record.offset()), record.key(), record.value()));
                commit(consumer, records);
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }

    private static void commit(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            offsets.put(
                    partition,
                    new OffsetAndMetadata(records.records(partition).getLast().offset() + 1));
        }
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets);
        }
    }

    private final class Listener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            assignments.incrementAndGet();
            java.util.HashSet<TopicPartition> more = new java.util.HashSet<>(owned);
            more.addAll(partitions);
            owned = Set.copyOf(more);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            java.util.HashSet<TopicPartition> fewer = new java.util.HashSet<>(owned);
            fewer.removeAll(partitions);
            owned = Set.copyOf(fewer);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            losses.incrementAndGet();
            onPartitionsRevoked(partitions);
        }
    }
}
