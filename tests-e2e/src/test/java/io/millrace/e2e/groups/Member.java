package io.millrace.e2e.groups;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/// A member of a consumer group that commits after each poll and notes what happens to it.
///
/// Threads: polls on one of its own. Errors: `close` throws what the consumer threw.
final class Member implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name = "member-" + NUMBERS.incrementAndGet();
    private final GroupJournal group;
    private final Journal journal = new Journal();
    private final AtomicInteger assignments = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicInteger moves = new AtomicInteger();
    private final AtomicInteger failedCommits = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile Set<TopicPartition> owned = Set.of();
    private volatile End ending = End.NONE;
    private volatile boolean mayBeExpelled;

    private enum End {
        NONE,
        LEAVE,
        VANISH
    }

    /// How a member says what it wants to read.
    @FunctionalInterface
    interface Subscription {
        void make(KafkaConsumer<byte[], byte[]> consumer, ConsumerRebalanceListener listener);

        static Subscription to(String... topics) {
            return (consumer, listener) -> consumer.subscribe(List.of(topics), listener);
        }
    }

    private Member(GroupJournal group) {
        this.group = group;
    }

    static Member join(Clients clients, Map<String, Object> settings, String topic) {
        return join(clients, settings, Subscription.to(topic), new GroupJournal());
    }

    /// @param group what all members of the group note together
    static Member join(Clients clients, Map<String, Object> settings, Subscription subscription, GroupJournal group) {
        Member member = new Member(group);
        Map<String, Object> all = new HashMap<>();
        all.put("auto.offset.reset", "earliest");
        // A commit that is made while the servers are down is tried again, not given up.
        all.put("default.api.timeout.ms", 120_000);
        all.putAll(settings);
        Thread thread = new Thread(() -> member.run(clients, all, subscription), member.name);
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

    /// How many partitions it had and then had no more.
    int moves() {
        return moves.get();
    }

    /// Commits that came too late, or were not answered.
    int failedCommits() {
        return failedCommits.get();
    }

    boolean isRunning() {
        return !end.isDone();
    }

    /// Whether the coordinator may stand still for longer than the session time-out; if not, nobody is to be expelled.
    void setMayBeExpelled(boolean mayBe) {
        mayBeExpelled = mayBe;
    }

    /// Leaves the group.
    @Override
    public void close() {
        end(End.LEAVE);
    }

    /// Stops without a word, as if it had been killed: the group learns of it when the session is over.
    void vanish() {
        end(End.VANISH);
    }

    private void end(End how) {
        if (ending == End.NONE) {
            ending = how;
        }
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the consumer is reported by close()
    private void run(Clients clients, Map<String, Object> settings, Subscription subscription) {
        KafkaConsumer<byte[], byte[]> consumer = clients.consumer(settings);
        try {
            subscription.make(consumer, new Listener(consumer));
            while (ending == End.NONE) {
                ConsumerRecords<byte[], byte[]> records = poll(consumer);
                records.forEach(record -> journal.add(
                        new Place(record.topic(), record.partition(), record.offset()), record.key(), record.value()));
                commit(consumer, records);
            }
            consumer.close(
                    ending == End.LEAVE
                            ? CloseOptions.timeout(Duration.ofSeconds(30))
                            : CloseOptions.timeout(Duration.ZERO)
                                    .withGroupMembershipOperation(
                                            CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            end.completeExceptionally(failed);
        }
    }

    /// A member that learns of its expulsion by the fetch of its offsets throws that out of `poll`, and joins again.
    private ConsumerRecords<byte[], byte[]> poll(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(Duration.ofMillis(100));
        } catch (UnknownMemberIdException expelled) {
            if (!mayBeExpelled) {
                throw expelled;
            }
            System.out.println(name + " goes on, it was expelled: " + expelled);
            return ConsumerRecords.empty();
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            offsets.put(
                    partition,
                    new OffsetAndMetadata(records.records(partition).getLast().offset() + 1));
        }
        if (offsets.isEmpty()) {
            return;
        }
        try {
            note(consumer, "commits", offsets);
            consumer.commitSync(offsets);
            note(consumer, "has committed", offsets);
            group.committed(offsets);
        } catch (CommitFailedException | RebalanceInProgressException | TimeoutException late) {
            // The group goes on without this commit, and reads again what it was about.
            failedCommits.incrementAndGet();
            note(consumer, late.getClass().getSimpleName(), offsets);
        }
    }

    private void note(
            KafkaConsumer<byte[], byte[]> consumer, String what, Map<TopicPartition, OffsetAndMetadata> offsets) {
        ConsumerGroupMetadata metadata = consumer.groupMetadata();
        group.note(name + " " + metadata.memberId() + " in " + metadata.generationId() + " " + what + " " + offsets);
    }

    private final class Listener implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        private Listener(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Set<TopicPartition> more = new HashSet<>(owned);
            more.addAll(partitions);
            ConsumerGroupMetadata metadata = consumer.groupMetadata();
            more.forEach(partition -> group.owns(metadata.generationId(), partition, name));
            if (!partitions.isEmpty()) {
                assignments.incrementAndGet();
                owned = Set.copyOf(more);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Set<TopicPartition> fewer = new HashSet<>(owned);
            fewer.removeAll(partitions);
            owned = Set.copyOf(fewer);
            moves.addAndGet(partitions.size());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            losses.incrementAndGet();
            onPartitionsRevoked(partitions);
        }
    }
}
