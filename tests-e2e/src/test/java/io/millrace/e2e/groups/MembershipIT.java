package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Members come, leave and die under load: each partition has one owner, and what is read twice is what was in flight.
///
/// Source: failures F20 (duplicates in rebalances), F21 (members merged by client id, phantom members).
final class MembershipIT {
    private static final int POLL_RECORDS_MAX = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MillraceCluster cluster;
    private static Clients clients;

    @BeforeAll
    static void start() {
        cluster = MillraceCluster.start(QuickGroups.cluster("membership"));
        clients = new Clients(cluster.bootstrap());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void tenMembersWithOneClientIdHaveTheirOwnShares(String protocol) {
        String topic = "one-client-id-" + protocol;
        List<TopicPartition> partitions = topic(topic, 20);
        Map<String, Object> settings = settings(topic, protocol);
        settings.put("client.id", "the-same");
        GroupJournal group = new GroupJournal();
        List<Member> members = new ArrayList<>();

        try (Load load = new Load(topic, clients.producer(), Seed.print(topic).random());
                SteadyLoad steady = SteadyLoad.start(load, partitions, 100)) {
            // Each joins while the group is still busy with the one before.
            for (int i = 0; i < 10; i++) {
                members.add(join(settings, topic, group));
                steady.awaitAcknowledged(20);
            }
            awaitShares(members, partitions, 2);
            List<Member> killed = List.copyOf(members.subList(0, 3));
            killed.forEach(Member::vanish);
            members.removeAll(killed);
            awaitShares(members, partitions, 2);
            members.add(join(settings, topic, group));
            awaitShares(members, partitions, 2);
            steady.awaitAcknowledged(200);
            steady.stop();
            load.flush();

            awaitAllCommitted(topic, load.journal().entries());
            assertThat(group.faults()).isEmpty();
            members.forEach(Member::close);
            assertEverythingWasRead(load, concat(members, killed));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoThreeTwoReadsTwiceOnlyWhatWasInFlight(String protocol) {
        String topic = "two-three-two-" + protocol;
        List<TopicPartition> partitions = topic(topic, 6);
        Map<String, Object> settings = settings(topic, protocol);
        GroupJournal group = new GroupJournal();
        List<Member> all = new ArrayList<>();

        try (Load load = new Load(topic, clients.producer(), Seed.print(topic).random());
                SteadyLoad steady = SteadyLoad.start(load, partitions, 100)) {
            Member first = join(settings, topic, group);
            Member second = join(settings, topic, group);
            all.addAll(List.of(first, second));
            awaitShares(List.of(first, second), partitions, 3);
            for (int round = 0; round < Tier.rounds(2, 10); round++) {
                steady.awaitAcknowledged(200);
                Member third = join(settings, topic, group);
                all.add(third);
                awaitShares(List.of(first, second, third), partitions, 2);
                steady.awaitAcknowledged(200);
                third.close();
                awaitShares(List.of(first, second), partitions, 3);
            }
            Member dying = join(settings, topic, group);
            all.add(dying);
            awaitShares(List.of(first, second, dying), partitions, 2);
            dying.vanish();
            awaitShares(List.of(first, second), partitions, 3);
            steady.stop();
            load.flush();

            awaitAllCommitted(topic, load.journal().entries());
            first.close();
            second.close();
            assertThat(group.faults()).isEmpty();
            assertEverythingWasRead(load, all);
            int movesAndDeaths = all.stream().mapToInt(Member::moves).sum() + 2;
            assertThat(repeated(all)).isLessThanOrEqualTo(movesAndDeaths * POLL_RECORDS_MAX);
        }
    }

    private static List<TopicPartition> topic(String name, int partitionCount) {
        clients.createTopic(name, partitionCount);
        return IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(name, partition))
                .toList();
    }

    private static Map<String, Object> settings(String group, String protocol) {
        Map<String, Object> settings = QuickGroups.settings(group, protocol);
        settings.put("max.poll.records", POLL_RECORDS_MAX);
        return settings;
    }

    private static Member join(Map<String, Object> settings, String topic, GroupJournal group) {
        return Member.join(clients, settings, Member.Subscription.to(topic), group);
    }

    /// Each partition has one owner, and no member has fewer than its share.
    private static void awaitShares(List<Member> members, List<TopicPartition> partitions, int shareMin) {
        Awaitility.await(members.size() + " members share " + partitions.size() + " partitions")
                .atMost(PATIENCE)
                .until(() -> {
                    List<Set<TopicPartition>> shares =
                            members.stream().map(Member::owned).toList();
                    List<TopicPartition> owned =
                            shares.stream().flatMap(Collection::stream).toList();
                    return owned.size() == partitions.size()
                            && new HashSet<>(owned).containsAll(partitions)
                            && shares.stream().allMatch(share -> share.size() >= shareMin);
                });
    }

    private static void awaitAllCommitted(String group, List<Entry> acknowledged) {
        try (Admin admin = clients.admin()) {
            Committed.awaitAll(admin, group, acknowledged);
        }
    }

    private static void assertEverythingWasRead(Load load, List<Member> members) {
        assertThat(load.failures()).isEmpty();
        Set<Place> read = members.stream()
                .flatMap(member -> member.journal().entries().stream())
                .map(Entry::place)
                .collect(Collectors.toSet());
        assertThat(load.journal().entries().stream().filter(entry -> !read.contains(entry.place())))
                .isEmpty();
    }

    private static int repeated(List<Member> members) {
        List<Place> read = members.stream()
                .flatMap(member -> member.journal().entries().stream())
                .map(Entry::place)
                .toList();
        return read.size() - new HashSet<>(read).size();
    }

    private static List<Member> concat(List<Member> one, List<Member> other) {
        List<Member> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
