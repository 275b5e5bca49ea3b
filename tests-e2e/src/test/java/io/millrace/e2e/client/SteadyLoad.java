package io.millrace.e2e.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/// Keeps sending through a [Load], some hundred records a second, and never more than a few hundred unacknowledged.
///
/// Threads: sends on one of its own.
public final class SteadyLoad implements AutoCloseable {
    private static final int UNACKNOWLEDGED_MAX = 500;
    private static final long GAP_NANOS = Duration.ofMillis(1).toNanos();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Load load;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopping;

    private SteadyLoad(Load load) {
        this.load = load;
    }

    public static SteadyLoad start(Load load, List<TopicPartition> partitions, int maxBytes) {
        SteadyLoad steady = new SteadyLoad(load);
        Thread thread = new Thread(() -> steady.run(partitions, maxBytes), "steady load");
        thread.setDaemon(true);
        thread.start();
        return steady;
    }

    /// Waits until so many more than now are acknowledged.
    public void awaitAcknowledged(int more) {
        int goal = load.journal().size() + more;
        Awaitility.await(more + " more records are acknowledged")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .failFast(() -> {
                    if (end.isCompletedExceptionally() || !load.failures().isEmpty()) {
                        throw new AssertionError("the producer gave up: " + load.failures());
                    }
                })
                .until(() -> load.journal().size() >= goal);
    }

    @Override
    public void close() {
        stop();
    }

    /// Stops sending; what was sent may still be on its way.
    public void stop() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the producer is reported by close()
    private void run(List<TopicPartition> partitions, int maxBytes) {
        try {
            for (int i = 0; !isStopping; i++) {
                TopicPartition partition = partitions.get(i % partitions.size());
                load.send(partition.topic(), partition.partition(), maxBytes);
                do {
                    LockSupport.parkNanos(GAP_NANOS);
                } while (load.sent() - load.journal().size() > UNACKNOWLEDGED_MAX && !isStopping);
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }
}
