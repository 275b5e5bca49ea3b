package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Follower;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.SocketBytes;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Each byte crosses from wal-store to fetch once, however many consumers follow it.
@WithCluster
final class TailOnceIT {
    private static final int PARTITIONS = 4;
    private static final int CONSUMERS = 8;
    private static final int RECORDS = 2_000;
    private static final int ROUNDS = Tier.rounds(1, 50);

    /// At most what fetch's cache of the past holds: what was evicted is rightly read again.
    private static final int PAST_RECORDS = Tier.rounds(2_000, 5_000);

    private static final int VALUE_BYTES_MAX = 10_000;
    private static final double OVERHEAD = 1.1;

    /// `millrace.fetch.read-ahead-size`, by default.
    private static final int RANGE_BYTES = 1 << 20;

    private final MillraceCluster cluster;
    private final Clients clients;
    private final List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition("once", partition))
            .toList();

    TailOnceIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void eightConsumersOfOneTailReadTheBytesOnce() {
        clients.createTopic("once", PARTITIONS);
        List<Follower> followers = new ArrayList<>();
        IntStream.range(0, CONSUMERS).forEach(_ -> followers.add(Follower.start(clients, partitions)));
        awaitReadersAtFetch();
        SocketBytes wire = SocketBytes.receivedBy(
                cluster.process(Service.FETCH).pid(),
                cluster.internal(Service.WAL_STORE).port());
        long crossedBefore = wire.count();
        double askedBefore = catalogRequests();
        double hitsBefore = hitBytes();
        double producedBefore = producedBytes();

        try (Load load = new Load("once", clients.producer(), new Random(3))) {
            try (SteadyLoad steady = SteadyLoad.start(load, partitions, VALUE_BYTES_MAX)) {
                for (int round = 0; round < ROUNDS; round++) {
                    steady.awaitAcknowledged(RECORDS);
                }
            }
            load.flush();
            var ends = new Reading(clients).ends("once");
            followers.forEach(follower -> follower.awaitEnds(ends));
            double produced = producedBytes() - producedBefore;

            assertThat(wire.count() - crossedBefore).isLessThan((long) (OVERHEAD * produced));
            assertThat(catalogRequests()).isEqualTo(askedBefore);
            assertThat(hitBytes() - hitsBefore).isGreaterThan((CONSUMERS - 1) * produced);
            for (Follower follower : followers) {
                follower.close();
                Comparison.of(load.journal().entries(), follower.journal().entries())
                        .assertEqual();
            }
        }
    }

    /// Source: failure F40.
    @Test
    void eightConsumersOfThePastReadEachRangeOnce() {
        clients.createTopic("past", 1);
        TopicPartition partition = new TopicPartition("past", 0);
        double producedBefore = producedBytes();
        try (Load load = new Load("past", clients.producer(), new Random(4))) {
            IntStream.range(0, PAST_RECORDS).forEach(_ -> load.send("past", 0, VALUE_BYTES_MAX));
            load.flush();
            double produced = producedBytes() - producedBefore;
            cluster.kill(Service.FETCH);
            cluster.start(Service.FETCH);
            double readsBefore = rangeReads();

            List<Follower> followers = new ArrayList<>();
            IntStream.range(0, CONSUMERS).forEach(_ -> followers.add(Follower.start(clients, List.of(partition))));
            var ends = new Reading(clients).ends("past");
            followers.forEach(follower -> follower.awaitEnds(ends));

            // One more at either end: a range ends with a whole batch.
            assertThat(rangeReads() - readsBefore).isBetween(1.0, produced / RANGE_BYTES * OVERHEAD + 2);
            followers.forEach(Follower::close);
            followers.forEach(follower -> follower.assertRead(load.journal()));
        }
    }

    private double rangeReads() {
        return cluster.metrics(Service.FETCH).sum("millrace_fetch_cache_range_reads_total");
    }

    private double catalogRequests() {
        return cluster.metrics(Service.FETCH).sum("millrace_catalog_requests_total");
    }

    /// A consumer asks ingest first, and is sent to fetch with its first answer.
    private void awaitReadersAtFetch() {
        String answers = "millrace_fetch_answers_seconds_count";
        double before = cluster.metrics(Service.FETCH).sum(answers);
        Awaitility.await("the consumers read at fetch")
                .until(() -> cluster.metrics(Service.FETCH).sum(answers) - before > 4 * CONSUMERS);
    }

    private double hitBytes() {
        return cluster.metrics(Service.FETCH).sum("millrace_fetch_cache_hit_bytes_total");
    }

    private double producedBytes() {
        return cluster.metrics(Service.WAL_STORE).sum("millrace_wal_batch_bytes_total");
    }
}
