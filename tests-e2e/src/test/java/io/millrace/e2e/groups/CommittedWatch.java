package io.millrace.e2e.groups;

import io.millrace.e2e.client.Await;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Looks at a group's committed offsets again and again, and notes each one that goes back or vanishes.
///
/// Threads: looks on one of its own. A look that fails because the servers are down is no fault; one that answers
/// wrongly is.
final class CommittedWatch implements AutoCloseable {
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopping;

    static CommittedWatch start(Admin admin, String group) {
        CommittedWatch watch = new CommittedWatch();
        Thread thread = new Thread(() -> watch.run(admin, group), "committed watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    Queue<String> faults() {
        return faults;
    }

    int looks() {
        return looks.get();
    }

    @Override
    public void close() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the watch is reported by close()
    private void run(Admin admin, String group) {
        Map<TopicPartition, Long> highest = new HashMap<>();
        try {
            while (!isStopping) {
                look(admin, group, highest);
                LockSupport.parkNanos(GAP_NANOS);
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }

    private void look(Admin admin, String group, Map<TopicPartition, Long> highest) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS);
            looks.incrementAndGet();
            highest.forEach((partition, offset) -> {
                OffsetAndMetadata now = committed.get(partition);
                if (now == null || now.offset() < offset) {
                    faults.add(partition + " was committed at " + offset + ", now " + now);
                }
            });
            committed.forEach((partition, offset) -> highest.merge(partition, offset.offset(), Math::max));
        } catch (ExecutionException | TimeoutException down) {
            // The servers are being restarted: no answer is allowed, a wrong one is not.
            LockSupport.parkNanos(GAP_NANOS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
