package io.millrace.e2e.groups;

import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// What the members of one group were told: which commits were answered, and who owns what in which generation.
///
/// Threads: any.
final class GroupJournal {
    /// How much of the history goes with the first fault.
    private static final int RECENT_MAX = 60;

    private final Map<TopicPartition, Long> answered = new ConcurrentHashMap<>();
    private final Map<Claim, String> owners = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> recent = new ArrayBlockingQueue<>(RECENT_MAX);

    private record Claim(int generation, TopicPartition partition) {}

    /// The member was told that this is committed.
    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> answered.merge(partition, offset.offset(), Math::max));
    }

    /// The highest offset of each partition of which somebody was told that it is committed.
    Map<TopicPartition, Long> answered() {
        return Map.copyOf(answered);
    }

    /// The member believes to own the partition in this generation.
    void owns(int generation, TopicPartition partition, String member) {
        String other = owners.putIfAbsent(new Claim(generation, partition), member);
        if (other != null && !other.equals(member)) {
            fault(partition + " has two owners in generation " + generation + ": " + other + " and " + member);
        }
    }

    /// What a member does or is told; the last of it is said with the first fault.
    void note(String what) {
        String line = Instant.now() + " " + what;
        while (!recent.offer(line)) {
            recent.poll();
        }
    }

    void fault(String what) {
        String history = faults.isEmpty() ? "; before that: " + recent : "";
        faults.add(Instant.now() + " " + what + history);
    }

    /// What must not be, and was.
    Queue<String> faults() {
        return faults;
    }
}
