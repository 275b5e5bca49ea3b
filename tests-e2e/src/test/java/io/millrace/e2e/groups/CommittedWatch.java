package io.millrace.e2e.groups;

import io.millrace.e2e.client.Await;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Looks at a group's committed offsets again and again, and notes each one that goes back, vanishes, or is lower than
/// what a member was told before the look.
///
/// Threads: looks on one of its own. A look that fails because the servers are down is no fault; one that answers
/// wrongly is.
final class CommittedWatch implements AutoCloseable {
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final AtomicInteger looks = new AtomicInteger();
    private final Map<TopicPartition, Long> highest = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopping;

    private final GroupJournal members;

    /// What the look before has seen.
    private Map<TopicPartition, OffsetAndMetadata> last = Map.of();

    private CommittedWatch(GroupJournal members) {
        this.members = members;
    }

    static CommittedWatch start(Admin admin, String group, GroupJournal members) {
        CommittedWatch watch = new CommittedWatch(members);
        Thread thread = new Thread(() -> watch.run(admin, group), "committed watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    int looks() {
        return looks.get();
    }

    /// The sum of the highest offsets that were seen: it grows while the group works.
    long highestSum() {
        return highest.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        stop();
    }

    /// Ends the looks; throws what ended them, if something else did.
    void stop() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the watch is reported by close()
    private void run(Admin admin, String group) {
        try {
            while (!isStopping) {
                look(admin, group);
                LockSupport.parkNanos(GAP_NANOS);
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }

    private void note(String group, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (!committed.equals(last)) {
            last = committed;
            members.note("committed of " + group + " " + committed);
        }
    }

    private void look(Admin admin, String group) {
        Map<TopicPartition, Long> answered = members.answered();
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(20, TimeUnit.SECONDS);
            looks.incrementAndGet();
            note(group, committed);
            answered.forEach((partition, offset) -> highest.merge(partition, offset, Math::max));
            highest.forEach((partition, offset) -> {
                OffsetAndMetadata now = committed.get(partition);
                if (now == null || now.offset() < offset) {
                    members.fault(group + ": " + partition + " was committed at " + offset + ", now " + now);
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
