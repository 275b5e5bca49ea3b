package io.millrace.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Volumes of messages in numbers of partitions, all four services killed and started, everything read back.
///
/// Source: failures F01 (a log that is intact and yet nothing can be read), F02, F03, F04.
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VolumeIT {
    private static final int VALUE_BYTES_MAX = 200;

    private final MillraceCluster cluster;
    private final Clients clients;
    private final Map<Plan, List<Entry>> acknowledged = new HashMap<>();
    private final Map<Plan, Map<TopicPartition, Long>> endsAfterStart = new HashMap<>();

    /// @param messages not always a multiple of the partitions, the batches or anything else
    record Plan(int messages, int partitions) {
        String topic() {
            return "volume-" + messages + "-in-" + partitions;
        }
    }

    VolumeIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    static Stream<Plan> plans() {
        IntStream sizes = IntStream.of(10, 100, 500, 1_000, 5_000, 5_003, 50_000);
        IntStream all = Tier.current() == Tier.SOAK ? IntStream.concat(sizes, IntStream.of(50_021, 500_000)) : sizes;
        return all.boxed().flatMap(size -> Stream.of(1, 3, 16).map(partitions -> new Plan(size, partitions)));
    }

    @BeforeAll
    void produceKillAndStart() {
        Seed seed = Seed.print("VolumeIT");
        plans().forEach(plan -> acknowledged.put(plan, produce(plan, seed)));

        cluster.kill();
        cluster.start();

        plans().forEach(plan -> endsAfterStart.put(plan, new Reading(clients).ends(plan.topic())));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void theEndIsKnownRightAfterTheStart(Plan plan) {
        long total = of(endsAfterStart, plan).values().stream()
                .mapToLong(Long::longValue)
                .sum();

        assertThat(total).isEqualTo(plan.messages());
    }

    @ParameterizedTest
    @MethodSource("plans")
    void everythingIsReadExactlyOnceWithItsBytes(Plan plan) {
        List<Entry> read = new Reading(clients).journal(plan.topic());

        assertThat(read).hasSize(plan.messages());
        Comparison.of(of(acknowledged, plan), read).assertEqual();
    }

    @ParameterizedTest
    @MethodSource("plansOfOddSize")
    void fetchLimitsThatCutInsideABatchChangeNothing(Plan plan) {
        List<Entry> read = new Reading(clients)
                .with("max.partition.fetch.bytes", 3_000)
                .with("fetch.max.bytes", 7_000)
                .with("max.poll.records", 17)
                .journal(plan.topic());

        Comparison.of(of(acknowledged, plan), read).assertEqual();
    }

    static Stream<Plan> plansOfOddSize() {
        return plans().filter(plan -> plan.messages() == 5_003);
    }

    private List<Entry> produce(Plan plan, Seed seed) {
        clients.createTopic(plan.topic(), plan.partitions());
        try (Load load = new Load(plan.topic(), clients.producerWith(Map.of("linger.ms", 2)), seed.random())) {
            for (int i = 0; i < plan.messages(); i++) {
                load.send(plan.topic(), i % plan.partitions(), VALUE_BYTES_MAX);
            }
            load.flush();

            assertThat(load.failures()).isEmpty();
            assertThat(load.journal().size()).isEqualTo(plan.messages());
            return load.journal().entries();
        }
    }

    private static <V> V of(Map<Plan, V> values, Plan plan) {
        return Objects.requireNonNull(values.get(plan));
    }
}
