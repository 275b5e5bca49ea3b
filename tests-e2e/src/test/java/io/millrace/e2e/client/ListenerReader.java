package io.millrace.e2e.client;

import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.HostPort;
import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Place;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Reads a topic at one listener and asks no other, so that what it gets is what that instance has.
///
/// Threads: asks on one of its own.
public final class ListenerReader implements TailReader {
    private static final int VERSION = 10;
    private static final int WAIT_MILLIS = 20;
    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final HostPort listener;
    private final RawTopic topic;
    private final List<TopicPartition> partitions;
    private final Journal journal = new Journal();
    private final Background asking;
    private @Nullable RawConnection connection;
    /// Written by the thread that asks.
    private volatile boolean hasAsked;

    private ListenerReader(HostPort listener, RawTopic topic, List<TopicPartition> partitions) {
        this.listener = listener;
        this.topic = topic;
        this.partitions = List.copyOf(partitions);
        this.asking = Background.repeat("reader of " + listener, this::round);
    }

    public static ListenerReader start(HostPort listener, RawTopic topic, List<TopicPartition> partitions) {
        return new ListenerReader(listener, topic, partitions);
    }

    /// Whether every partition was asked for once; who has come to the end of one is told of its next batches.
    public boolean hasAsked() {
        return hasAsked;
    }

    /// How many records it has read.
    public int size() {
        return journal.size();
    }

    @Override
    public boolean hasReached(Map<TopicPartition, Long> ends) {
        asking.failIfEnded();
        return journal.reaches(ends);
    }

    @Override
    public void assertRead(Journal acknowledged) {
        Comparison.of(acknowledged.entries(), journal.entries()).assertEqual();
    }

    @Override
    public String toString() {
        return "reader of " + listener + " at " + journal.ends();
    }

    @Override
    public void close() {
        asking.stop();
        disconnect();
    }

    /// A listener that is down or does not answer is asked again over a new connection.
    private void round() {
        try {
            RawConnection open = connection == null ? RawConnection.open(listener) : connection;
            connection = open;
            partitions.forEach(partition -> read(open, partition));
            hasAsked = true;
        } catch (UncheckedIOException down) {
            disconnect();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private void read(RawConnection open, TopicPartition partition) {
        long offset = journal.end(partition);
        Range range = Range.at(partition.partition(), offset).waiting(1, WAIT_MILLIS);
        PartitionData answer = topic.fetch(open, range, VERSION);
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            RawTopic.records(answer).records().forEach(record -> note(partition, offset, record));
        } else if (!(error.exception() instanceof RetriableException)) {
            throw new AssertionError(listener + " answered " + error + " for " + partition + " at " + offset);
        }
    }

    /// The first batch comes whole, from its first record on.
    private void note(TopicPartition partition, long from, Record record) {
        if (record.offset() >= from) {
            Place place = new Place(partition.topic(), partition.partition(), record.offset());
            journal.add(place, Utils.toArray(record.key()), Utils.toArray(record.value()));
        }
    }
}
