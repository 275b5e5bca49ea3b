package io.millrace.e2e.history;

import io.millrace.e2e.client.Background;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.history.Event.Committed;
import io.millrace.e2e.history.Event.CommittedTold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Commits one offset after the other for a group without members; another client asks what is committed.
///
/// Threads: two of its own. A call that fails because the servers are down tells nothing.
final class Commits implements Actor {
    private static final String GROUP = "history";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long GAP_NANOS = 3_000_000;

    private final History history;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> committing;
    private final KafkaConsumer<byte[], byte[]> asking;
    private final List<Background> threads;
    private long next = 1;

    Commits(History history, Clients clients, TopicPartition partition) {
        this.history = history;
        this.partition = partition;
        this.committing = clients.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP));
        this.asking = clients.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, GROUP));
        committing.assign(List.of(partition));
        this.threads = List.of(
                Background.repeat("commits", this::commit), Background.repeat("questions for commits", this::ask));
    }

    private void commit() {
        long offset = next++;
        long begin = System.nanoTime();
        try {
            committing.commitSync(Map.of(partition, new OffsetAndMetadata(offset)), PATIENCE);
            history.add(new Committed(GROUP, partition, offset, begin, System.nanoTime()));
        } catch (KafkaException down) {
            LockSupport.parkNanos(GAP_NANOS);
        }
        LockSupport.parkNanos(GAP_NANOS);
    }

    private void ask() {
        long begin = System.nanoTime();
        try {
            OffsetAndMetadata told =
                    asking.committed(Set.of(partition), PATIENCE).get(partition);
            history.add(
                    new CommittedTold(GROUP, partition, told == null ? -1 : told.offset(), begin, System.nanoTime()));
        } catch (KafkaException down) {
            LockSupport.parkNanos(GAP_NANOS);
        }
        LockSupport.parkNanos(GAP_NANOS);
    }

    @Override
    public void close() {
        threads.forEach(Background::stop);
        committing.close();
        asking.close();
    }
}
