package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two members of a group consume and commit while offset-coordinator is killed, or stopped in order, and started, and
/// then everything is.
///
/// Source: failures F13 (committed offsets jumped back), F19 (a commit answered and lost), F21, F45 (a restart
/// rebalanced).
@WithCluster
final class GroupThroughRestartsIT {
    private static final int PARTITIONS = 4;

    private final MillraceCluster cluster;
    private final Clients clients;

    GroupThroughRestartsIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void noMemberLosesItsPlace(String protocol) {
        String name = "group-" + protocol;
        clients.createTopic(name, PARTITIONS);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(name, partition))
                .toList();
        Map<String, Object> settings = Map.of("group.id", name, "group.protocol", protocol);

        GroupJournal group = new GroupJournal();

        try (Admin admin = clients.admin();
                Load load = new Load(name, clients.producer(), Seed.print(name).random());
                Member first = Member.join(clients, settings, Member.Subscription.to(name), group);
                Member second = Member.join(clients, settings, Member.Subscription.to(name), group)) {
            awaitBalance(first, second);
            try (CommittedWatch watch = CommittedWatch.start(admin, name, group);
                    SteadyLoad steady = SteadyLoad.start(load, partitions, 100)) {
                for (int round = 0; round < Tier.rounds(1, 10); round++) {
                    Set<TopicPartition> ofFirst = first.owned();
                    int before = first.assignments() + second.assignments();
                    restart(steady, () -> cluster.kill(Service.OFFSET_COORDINATOR), Service.OFFSET_COORDINATOR);
                    restart(steady, () -> cluster.terminate(Service.OFFSET_COORDINATOR), Service.OFFSET_COORDINATOR);
                    assertThat(first.assignments() + second.assignments()).isEqualTo(before);
                    assertThat(first.owned()).isEqualTo(ofFirst);
                    restart(steady, cluster::kill, Service.values());
                    awaitBalance(first, second);
                }
                assertThat(watch.looks()).isPositive();
                assertThat(group.faults()).isEmpty();
            }
            load.flush();
            Committed.awaitAll(admin, name, load.journal().entries());

            assertThat(first.isRunning() && second.isRunning()).isTrue();
            assertThat(first.losses() + second.losses()).isZero();
            assertThat(first.failedCommits() + second.failedCommits()).isZero();
            Comparison.of(load.journal().entries(), readBy(first, second)).assertEqual();
        }

        aThirdPartyResumesAtTheCommittedOffset(settings, name);
    }

    private void aThirdPartyResumesAtTheCommittedOffset(Map<String, Object> settings, String topic) {
        Map<TopicPartition, Long> ends = new Reading(clients).ends(topic);
        try (Load load = new Load(topic + "-later", clients.producer(), new java.util.Random(1))) {
            IntStream.range(0, 40).forEach(i -> load.send(topic, i % PARTITIONS, 50));
            load.flush();
            assertThat(load.failures()).isEmpty();
        }

        Map<TopicPartition, Long> firstSeen = new HashMap<>();
        Map<String, Object> third = new HashMap<>(settings);
        third.put("auto.offset.reset", "none");
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(third)) {
            consumer.subscribe(List.of(topic));
            Awaitility.await("a third party reads")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(200))
                                .forEach(record -> firstSeen.putIfAbsent(
                                        new TopicPartition(record.topic(), record.partition()), record.offset()));
                        return firstSeen.size() == PARTITIONS;
                    });
        }
        assertThat(firstSeen).isEqualTo(ends);
    }

    private void restart(SteadyLoad steady, Runnable end, Service... services) {
        steady.awaitAcknowledged(200);
        end.run();
        cluster.start(services);
        steady.awaitAcknowledged(200);
    }

    private static void awaitBalance(Member first, Member second) {
        Awaitility.await("both members own half")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        first.owned().size() == PARTITIONS / 2 && second.owned().size() == PARTITIONS / 2);
    }

    private static List<Entry> readBy(Member... members) {
        List<Entry> read = new ArrayList<>();
        for (Member member : members) {
            read.addAll(member.journal().entries());
        }
        read.sort(Comparator.comparing(Entry::place));
        return read;
    }
}
