package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Follower;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.journal.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// Readers that are far behind what fetch remembers, while producers go on.
///
/// Source: failures F03 (holes while a cache evicts), F18 (out of range as soon as memory had moved on).
final class LaggingReaderIT {
    private static final int PARTITIONS = 3;
    private static final int CACHE_BYTES = 1 << 20;
    private static final int VALUE_BYTES_MAX = 20_000;
    private static final int TIMES_THE_CACHE = Tier.rounds(10, 100);

    private final List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition("lagging", partition))
            .toList();

    @Test
    void aReaderTenTimesTheCacheBehindMissesNothingAndIsNeverSentOutOfRange() {
        ClusterOptions options = ClusterOptions.named("lagging")
                .with("millrace.fetch.tail-cache-size", Integer.toString(CACHE_BYTES))
                .with("millrace.fetch.past-cache-size", Integer.toString(CACHE_BYTES))
                .with("millrace.fetch.read-ahead-size", "64K");
        try (MillraceCluster cluster = MillraceCluster.start(options)) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic("lagging", PARTITIONS);
            try (Load load = new Load("lagging", clients.producer(), new Random(5));
                    Follower atTheTail = Follower.start(clients, partitions)) {
                IntStream.range(0, TIMES_THE_CACHE * CACHE_BYTES / (VALUE_BYTES_MAX / 2))
                        .forEach(i -> load.send("lagging", i % PARTITIONS, VALUE_BYTES_MAX));
                load.flush();
                Map<TopicPartition, Long> behind = new Reading(clients).ends("lagging");
                try (Follower late = Follower.start(clients, partitions)) {
                    try (SteadyLoad steady = SteadyLoad.start(load, partitions, VALUE_BYTES_MAX)) {
                        late.awaitEnds(behind);
                        steady.awaitAcknowledged(100);
                    }
                    load.flush();
                    Map<TopicPartition, Long> ends = new Reading(clients).ends("lagging");
                    late.awaitEnds(ends);
                    atTheTail.awaitEnds(ends);

                    assertThat(load.failures()).isEmpty();
                    Comparison.of(load.journal().entries(), late.journal().entries())
                            .assertEqual();
                    Comparison.of(load.journal().entries(), atTheTail.journal().entries())
                            .assertEqual();
                    assertThat(cacheBytes(cluster)).isBetween(1.0, 2.0 * CACHE_BYTES);
                }
            }
        }
    }

    private static double cacheBytes(MillraceCluster cluster) {
        return cluster.metrics(Service.FETCH).sum("millrace_fetch_cache_tail_bytes")
                + cluster.metrics(Service.FETCH).sum("millrace_fetch_cache_past_bytes");
    }
}
