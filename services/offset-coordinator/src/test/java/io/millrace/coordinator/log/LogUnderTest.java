package io.millrace.coordinator.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// One owner's log, with records written as `key=value`, that notes what it hears.
final class LogUnderTest {

    static final int SHARD = 3;
    private static final long PATIENCE_SECONDS = 20;

    private final GroupLog log;
    private final ReentrantLock eventsLock = new ReentrantLock();
    private final Condition heard = eventsLock.newCondition();
    private final List<String> events = new ArrayList<>();

    LogUnderTest(GroupLog log) {
        this.log = log;
    }

    LoadedShard takeOver() throws GroupStoreException {
        return takeOver(SHARD);
    }

    LoadedShard takeOver(int shard) throws GroupStoreException {
        return log.takeOver(shard, new RecordingEvents());
    }

    GroupLog log() {
        return log;
    }

    /// Each record is `key=value`, or `key=` for its removal.
    static Admission append(ShardTenure tenure, String... records) {
        return tenure.append(String.join("\n", records).getBytes(StandardCharsets.UTF_8), records.length);
    }

    /// As [#append], and waits until it counts.
    void appendDurably(ShardTenure tenure, String... records) {
        long endSequence = accepted(tenure, records).endSequence();
        await(heard -> heard.stream().anyMatch(event -> isDurable(event, endSequence)));
    }

    /// Who finds the tail full asks again, as clients do.
    private Admission.Accepted accepted(ShardTenure tenure, String... records) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Admission admission = append(tenure, records);
        while (admission instanceof Admission.Busy && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            admission = append(tenure, records);
        }
        if (admission instanceof Admission.Accepted accepted) {
            return accepted;
        }
        throw new AssertionError("not accepted: " + admission);
    }

    private static boolean isDurable(String event, long endSequence) {
        return event.startsWith("durable ") && Long.parseLong(event.substring("durable ".length())) >= endSequence;
    }

    void awaitLost() {
        await(heard -> heard.contains("lost"));
    }

    void await(Predicate<List<String>> condition) {
        eventsLock.lock();
        try {
            long leftNanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!condition.test(events)) {
                if (leftNanos <= 0) {
                    throw new AssertionError("heard only " + events);
                }
                leftNanos = heard.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            eventsLock.unlock();
        }
    }

    List<String> events() {
        eventsLock.lock();
        try {
            return List.copyOf(events);
        } finally {
            eventsLock.unlock();
        }
    }

    static StoredBatch batch(int epoch, String record) {
        return new StoredBatch(StoredBatch.Kind.RECORDS, epoch, 1, record.getBytes(StandardCharsets.UTF_8));
    }

    /// What a load says, by key.
    static Map<String, String> contents(LoadedShard loaded) {
        Map<String, String> contents = new TreeMap<>();
        for (GroupEntry entry : loaded.entries()) {
            contents.put(text(entry.key()), text(entry.value()));
        }
        return contents;
    }

    static List<GroupRecord> read(byte[] bytes) {
        return Arrays.stream(text(bytes).split("\n", -1))
                .map(line -> line.split("=", 2))
                .map(pair -> new GroupRecord(
                        pair[0].getBytes(StandardCharsets.UTF_8),
                        pair[1].isEmpty() ? Optional.empty() : Optional.of(pair[1].getBytes(StandardCharsets.UTF_8))))
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void hear(String event) {
        eventsLock.lock();
        try {
            events.add(event);
            heard.signalAll();
        } finally {
            eventsLock.unlock();
        }
    }

    private final class RecordingEvents implements ShardEvents {
        @Override
        public void durable(long endSequence) {
            hear("durable " + endSequence);
        }

        @Override
        public void putCompleted(long nanos, int byteCount) {}

        @Override
        public void lost(String why) {
            hear("lost");
        }

        @Override
        public void folded(int batchCount) {
            hear("folded " + batchCount);
        }
    }
}
