package io.millrace.e2e.history;

import io.millrace.e2e.client.Background;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.HostPort;
import io.millrace.e2e.history.Event.EndTold;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/// Asks one listener again and again where partitions end.
///
/// Threads: asks on one of its own. A question that fails because the servers are down tells nothing.
final class EndQuestions implements Actor {
    private static final int LIST_OFFSETS_VERSION = 7;
    private static final long GAP_NANOS = 5_000_000;

    private final History history;
    private final HostPort listener;
    private final RawTopic topic;
    private final List<TopicPartition> partitions;
    private final Background asking;
    private @Nullable RawConnection connection;

    EndQuestions(History history, HostPort listener, RawTopic topic, List<TopicPartition> partitions) {
        this.history = history;
        this.listener = listener;
        this.topic = topic;
        this.partitions = partitions;
        this.asking = Background.repeat("end questions to " + listener, this::step);
    }

    private void step() {
        try {
            RawConnection open = connection == null ? RawConnection.open(listener) : connection;
            connection = open;
            partitions.forEach(partition -> ask(open, partition));
            LockSupport.parkNanos(GAP_NANOS);
        } catch (UncheckedIOException down) {
            disconnect();
            LockSupport.parkNanos(10 * GAP_NANOS);
        }
    }

    private void ask(RawConnection open, TopicPartition partition) {
        long begin = System.nanoTime();
        var answer =
                topic.offset(open, partition.partition(), ListOffsetsRequest.LATEST_TIMESTAMP, LIST_OFFSETS_VERSION);
        if (answer.errorCode() == Errors.NONE.code()) {
            history.add(new EndTold(listener.toString(), partition, answer.offset(), begin, System.nanoTime()));
        }
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    @Override
    public void close() {
        asking.stop();
        disconnect();
    }
}
