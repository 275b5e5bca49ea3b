package io.millrace.e2e.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/// Commits one offset after the other for a group without members, and remembers the last one that was confirmed.
///
/// Threads: commits on one of its own.
public final class Committer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration COMMIT = Duration.ofSeconds(10);
    private static final long GAP_NANOS = Duration.ofMillis(2).toNanos();

    private final String group;
    private final TopicPartition partition;
    private final AtomicLong confirmed = new AtomicLong();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopping;

    private Committer(String group, TopicPartition partition) {
        this.group = group;
        this.partition = partition;
    }

    public static Committer start(Clients clients, String group, TopicPartition partition) {
        Committer committer = new Committer(group, partition);
        Thread thread = new Thread(() -> committer.run(clients), "committer");
        thread.setDaemon(true);
        thread.start();
        return committer;
    }

    /// Every offset up to this one was confirmed, or overtaken by one that was.
    public long confirmed() {
        return confirmed.get();
    }

    /// Waits until so many more than now are confirmed.
    public void awaitConfirmed(int more) {
        long goal = confirmed.get() + more;
        Awaitility.await(more + " more commits are confirmed")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .failFast(() -> {
                    if (end.isCompletedExceptionally()) {
                        end.join();
                    }
                })
                .until(() -> confirmed.get() >= goal);
    }

    /// What the servers know now; -1 for nothing.
    public long committed(Admin admin) {
        OffsetAndMetadata found = Await.value(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(partition);
        return found == null ? -1 : found.offset();
    }

    @Override
    public void close() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the committer is reported by close()
    private void run(Clients clients) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
            consumer.assign(List.of(partition));
            for (long offset = 1; !isStopping; offset++) {
                commit(consumer, offset);
                LockSupport.parkNanos(GAP_NANOS);
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, long offset) {
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset)), COMMIT);
            confirmed.set(offset);
        } catch (KafkaException unknown) {
            // The servers are down: nobody promised anything, and the next offset is tried.
            LockSupport.parkNanos(GAP_NANOS);
        }
    }
}
