package io.millrace.kafka.fetch;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.model.PartitionId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Sends readers from ingest to live fetch nodes, each reader of a partition at most once in a while.
///
/// A client that asks here again soon after it was sent away has a reason: the node is out of its reach. It gets
/// its records and no redirect, or it would go back and forth for ever (the second-ask rule). As in Kafka, a redirect
/// comes alone: librdkafka, under the names of all that is built on it, throws away records that come with one. Kafka's
/// Java consumer, which is known to take both, gets both.
///
/// Threads: any. Source: KIP-392; librdkafka, `rd_kafka_fetch_preferred_replica_handle`.
public final class FollowerRedirects implements RedirectPolicy {

    /// The first version with a preferred replica in its answer.
    private static final short FIRST_VERSION = 11;

    /// What Kafka's Java clients call themselves.
    private static final String JAVA_CLIENT = "apache-kafka-java";

    private final Supplier<List<Integer>> fetchNodes;
    private final LongSupplier nanoTime;
    private final long windowNanos;

    /// Guards `sentAway`.
    private final ReentrantLock lock = new ReentrantLock();

    /// When each reader was sent away last, oldest first.
    private final Map<Reader, Long> sentAway;

    /// A policy that has sent nobody away yet.
    ///
    /// @param fetchNodes node ids of the live fetch nodes, as Metadata names them
    /// @param window how long a reader is not sent away again
    /// @param readersMax how many readers are remembered; the oldest are forgotten and may be sent away once more
    public FollowerRedirects(
            Supplier<List<Integer>> fetchNodes, LongSupplier nanoTime, Duration window, int readersMax) {
        this.fetchNodes = fetchNodes;
        this.nanoTime = nanoTime;
        this.windowNanos = window.toNanos();
        this.sentAway = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Reader, Long> eldest) {
                return size() > readersMax;
            }
        };
    }

    @Override
    public Redirect redirect(KafkaRequest request, PartitionId partition) {
        List<Integer> nodes = fetchNodes.get();
        if (request.version() < FIRST_VERSION || nodes.isEmpty() || !isFirstAsk(request, partition)) {
            return new Redirect.Stay();
        }
        int nodeId = nodes.get(Math.floorMod(partition.hashCode(), nodes.size()));
        boolean takesBoth = request.client().softwareName().equals(JAVA_CLIENT);
        return takesBoth ? new Redirect.WithRecords(nodeId) : new Redirect.Alone(nodeId);
    }

    private boolean isFirstAsk(KafkaRequest request, PartitionId partition) {
        Reader reader = new Reader(request.client().host(), request.clientId(), partition);
        long now = nanoTime.getAsLong();
        lock.lock();
        try {
            Long last = sentAway.get(reader);
            if (last != null && now - last < windowNanos) {
                return false;
            }
            sentAway.remove(reader);
            sentAway.put(reader, now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Connections come and go; a client keeps its address and its id.
    private record Reader(String host, String clientId, PartitionId partition) {}
}
