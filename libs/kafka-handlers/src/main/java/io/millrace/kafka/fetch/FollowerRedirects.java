package io.millrace.kafka.fetch;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.model.PartitionId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Sends readers from ingest to live fetch nodes, each reader of a partition at most once in a while.
///
/// A client that asks here again soon after it was sent away has a reason: the node is out of its reach. It gets
/// its records and no redirect, or it would go back and forth for ever (the second-ask rule).
///
/// Only Kafka's own consumer is sent away, with its records: it comes back as soon as the node is gone. What is built
/// on librdkafka, under many names, throws away records that come with a redirect, and waits up to five minutes for a
/// node that died; it reads through ingest (`docs/adr/0008-whom-to-send-away.md`).
///
/// Threads: any. Source: KIP-392; librdkafka, `rd_kafka_toppar_leader_update`.
public final class FollowerRedirects implements RedirectPolicy {

    /// The first version with a preferred replica in its answer.
    private static final short FIRST_VERSION = 11;

    /// What Kafka's own clients call themselves.
    private static final String KAFKAS_CLIENT = "apache-kafka-java";

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
    public OptionalInt redirect(KafkaRequest request, PartitionId partition) {
        List<Integer> nodes = fetchNodes.get();
        boolean comesBack = request.version() >= FIRST_VERSION
                && KAFKAS_CLIENT.equals(request.client().softwareName());
        if (!comesBack || nodes.isEmpty() || !isFirstAsk(request, partition)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(nodes.get(Math.floorMod(partition.hashCode(), nodes.size())));
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
