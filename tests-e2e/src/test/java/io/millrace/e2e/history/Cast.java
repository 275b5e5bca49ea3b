package io.millrace.e2e.history;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/// Everybody who makes a history: writers, readers, and those who ask for ends and committed offsets.
final class Cast implements AutoCloseable {
    private static final int PARTITIONS = 3;
    private static final int WRITERS = 3;
    private static final int READERS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final History history;
    private final Clients clients;
    private final String topic;
    private final List<Writer> writers = new ArrayList<>();
    private final List<Actor> others = new ArrayList<>();

    /// @param listeners who is asked for ends
    Cast(History history, List<HostPort> listeners, String topic, Random random) {
        this.history = history;
        this.clients = new Clients(listeners.getFirst().toString());
        this.topic = topic;
        clients.createTopic(topic, PARTITIONS);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        RawTopic raw;
        try (RawConnection connection = RawConnection.open(listeners.getFirst())) {
            raw = RawTopic.find(connection, topic);
        }
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(history, clients, "w" + i, partitions, new Random(random.nextLong())));
        }
        for (int i = 0; i < READERS; i++) {
            others.add(new Reader(history, clients, "r" + i, partitions));
        }
        listeners.forEach(listener -> others.add(new EndQuestions(history, listener, raw, partitions)));
        others.add(new Commits(history, clients, partitions.getFirst()));
    }

    /// Waits until each writer was told of so many more records.
    void awaitAcknowledged(int more) {
        List<Long> goals =
                writers.stream().map(writer -> writer.acknowledged() + more).toList();
        Awaitility.await(more + " more records of each writer are acknowledged")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> IntStream.range(0, writers.size())
                        .allMatch(i -> writers.get(i).acknowledged() >= goals.get(i)));
    }

    /// What a producer gave up; it may be stored all the same.
    List<Exception> failures() {
        return writers.stream().flatMap(writer -> writer.failures().stream()).toList();
    }

    /// Ends the writers, lets the last reader read everything, and ends all others.
    void finish() {
        writers.forEach(Writer::close);
        writers.clear();
        new Reading(clients).records(topic).forEach(record -> Reader.note(history, HistoryCheck.LAST_READER, record));
        closeOthers();
    }

    private void closeOthers() {
        others.forEach(Actor::close);
        others.clear();
    }

    @Override
    public void close() {
        writers.forEach(Writer::close);
        closeOthers();
    }
}
