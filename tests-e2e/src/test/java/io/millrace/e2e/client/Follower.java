package io.millrace.e2e.client;

import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/// A consumer that reads on through whatever happens to the servers: it never seeks and knows no reset policy, so
/// that an answer out of range ends it.
///
/// Threads: polls on one of its own. Errors: `close` throws what the consumer threw.
public final class Follower implements TailReader {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Journal journal = new Journal();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopping;

    private Follower() {}

    public static Follower start(Clients clients, List<TopicPartition> partitions) {
        Follower follower = new Follower();
        Thread thread = new Thread(() -> follower.run(clients, partitions), "follower");
        thread.setDaemon(true);
        thread.start();
        return follower;
    }

    public Journal journal() {
        return journal;
    }

    /// Waits until it has read up to the ends.
    public void awaitEnds(Map<TopicPartition, Long> ends) {
        Awaitility.await("the follower reaches " + ends).atMost(PATIENCE).until(() -> hasReached(ends));
    }

    @Override
    public boolean hasReached(Map<TopicPartition, Long> ends) {
        if (end.isCompletedExceptionally()) {
            end.join();
        }
        return journal.reaches(ends);
    }

    @Override
    public void assertRead(Journal acknowledged) {
        Comparison.of(acknowledged.entries(), journal.entries()).assertEqual();
    }

    @Override
    public String toString() {
        return "Java consumer at " + journal.ends();
    }

    @Override
    public void close() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the consumer is reported by close()
    private void run(Clients clients, List<TopicPartition> partitions) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
            while (!isStopping) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    Place place = new Place(record.topic(), record.partition(), record.offset());
                    journal.add(place, record.key(), record.value());
                });
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }
}
