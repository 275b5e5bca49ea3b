package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets which partitions, under every protocol and assignor that Java's consumer has.
final class AssignmentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MillraceCluster cluster;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        cluster = MillraceCluster.start(QuickGroups.cluster("assignment"));
        clients = new Clients(cluster.bootstrap());
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        cluster.close();
    }

    static Stream<Class<?>> classicAssignors() {
        return Stream.of(
                RangeAssignor.class, RoundRobinAssignor.class, StickyAssignor.class, CooperativeStickyAssignor.class);
    }

    @ParameterizedTest
    @MethodSource("classicAssignors")
    void classicMembersShareTwoTopics(Class<?> assignor) {
        String name = "classic-" + assignor.getSimpleName();
        clients.createTopic(name + "-a", 3);
        clients.createTopic(name + "-b", 3);
        Map<String, Object> settings = QuickGroups.settings(name, "classic");
        settings.put("partition.assignment.strategy", assignor.getName());
        GroupJournal group = new GroupJournal();
        Member.Subscription both = Member.Subscription.to(name + "-a", name + "-b");

        try (Member first = Member.join(clients, settings, both, group);
                Member second = Member.join(clients, settings, both, group)) {
            awaitShares(6, 2, first, second);
            Member third = Member.join(clients, settings, both, group);
            awaitShares(6, 2, first, second, third);
            Set<TopicPartition> ofFirst = first.owned();
            int movesOfFirst = first.moves();
            third.close();
            awaitShares(6, 2, first, second);

            if (assignor == StickyAssignor.class || assignor == CooperativeStickyAssignor.class) {
                assertThat(first.owned()).containsAll(ofFirst);
            }
            if (assignor == CooperativeStickyAssignor.class) {
                assertThat(first.moves())
                        .as("nothing is taken to be given back")
                        .isEqualTo(movesOfFirst);
            }
            assertThat(group.faults()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void theServersAssignorsShareATopic(String assignor) {
        String name = "server-" + assignor;
        clients.createTopic(name, 6);
        Map<String, Object> settings = QuickGroups.settings(name, "consumer");
        settings.put("group.remote.assignor", assignor);
        GroupJournal group = new GroupJournal();

        try (Member first = Member.join(clients, settings, Member.Subscription.to(name), group);
                Member second = Member.join(clients, settings, Member.Subscription.to(name), group)) {
            awaitShares(6, 3, first, second);

            assertThat(describe(name).partitionAssignor()).isEqualTo(assignor);
            assertThat(group.faults()).isEmpty();
        }
    }

    @Test
    void aSubscriptionByExpressionFindsTopicsThatComeLater() {
        clients.createTopic("matched-one", 2);
        clients.createTopic("unmatched", 2);
        GroupJournal group = new GroupJournal();
        Member.Subscription matching =
                (consumer, listener) -> consumer.subscribe(new SubscriptionPattern("matched-.*"), listener);

        try (Member member = Member.join(clients, QuickGroups.settings("by-expression", "consumer"), matching, group)) {
            awaitShares(2, 2, member);
            clients.createTopic("matched-two", 3);
            awaitShares(5, 5, member);
            cluster.kill(Service.OFFSET_COORDINATOR);
            cluster.start(Service.OFFSET_COORDINATOR);
            clients.createTopic("matched-three", 1);
            awaitShares(6, 6, member);
            Await.value(admin.deleteTopics(List.of("matched-one")).all());
            awaitShares(4, 4, member);
        }
    }

    /// A static member that stops and comes back within its session gets what it had, and the others notice nothing;
    /// also when the coordinator was restarted in between.
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aStaticMemberComesBackToItsPartitions(String protocol) {
        String name = "static-" + protocol;
        clients.createTopic(name, 4);
        GroupJournal group = new GroupJournal();

        try (Member one = joinStatic(name, protocol, "one", group)) {
            Member two = joinStatic(name, protocol, "two", group);
            awaitShares(4, 2, one, two);
            Set<TopicPartition> ofTwo = two.owned();
            int movesOfOne = one.moves();
            int assignmentsOfOne = one.assignments();
            two.close();
            cluster.kill(Service.OFFSET_COORDINATOR);
            cluster.start(Service.OFFSET_COORDINATOR);

            try (Member again = joinStatic(name, protocol, "two", group)) {
                Awaitility.await("the static member is back")
                        .atMost(PATIENCE)
                        .until(() -> again.owned().equals(ofTwo));
                assertThat(one.moves()).isEqualTo(movesOfOne);
                assertThat(one.assignments()).isEqualTo(assignmentsOfOne);
                assertThat(describe(name).members()).hasSize(2);
            }
        }
    }

    private static Member joinStatic(String name, String protocol, String instance, GroupJournal group) {
        Map<String, Object> settings = QuickGroups.settings(name, protocol);
        settings.put("group.instance.id", instance);
        if (protocol.equals("classic")) {
            // Longer than a restart: that is what static membership is for.
            settings.put("session.timeout.ms", 30_000);
        }
        return Member.join(clients, settings, Member.Subscription.to(name), group);
    }

    /// Members are exchanged one by one, under load; the group is never without an owner for a partition for long, and
    /// no record is lost.
    @Test
    void aGroupMovesToTheNewProtocolAndBackWhileItWorks() {
        String name = "migration";
        clients.createTopic(name, 4);
        List<TopicPartition> partitions = IntStream.range(0, 4)
                .mapToObj(partition -> new TopicPartition(name, partition))
                .toList();
        GroupJournal group = new GroupJournal();
        Member.Subscription subscription = Member.Subscription.to(name);
        Map<String, Object> classic = QuickGroups.settings(name, "classic");
        classic.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        Map<String, Object> consumer = QuickGroups.settings(name, "consumer");

        try (Load load = new Load(name, clients.producer(), Seed.print(name).random());
                SteadyLoad steady = SteadyLoad.start(load, partitions, 100);
                CommittedWatch watch = CommittedWatch.start(admin, name, group)) {
            Member old = Member.join(clients, classic, subscription, group);
            Member older = Member.join(clients, classic, subscription, group);
            awaitShares(4, 2, old, older);
            assertThat(describe(name).type()).isEqualTo(GroupType.CLASSIC);
            Member first = Member.join(clients, consumer, subscription, group);
            awaitShares(4, 1, old, older, first);
            assertThat(describe(name).type()).isEqualTo(GroupType.CONSUMER);
            steady.awaitAcknowledged(100);
            old.close();
            Member second = Member.join(clients, consumer, subscription, group);
            older.close();
            awaitShares(4, 2, first, second);
            steady.awaitAcknowledged(100);

            Member back = Member.join(clients, classic, subscription, group);
            awaitShares(4, 1, first, second, back);
            first.close();
            second.close();
            awaitShares(4, 4, back);
            assertThat(describe(name).type()).isEqualTo(GroupType.CLASSIC);
            steady.stop();
            load.flush();
            Committed.awaitAll(admin, name, load.journal().entries());
            back.close();
            watch.stop();

            assertThat(group.faults()).isEmpty();
            assertThat(load.failures()).isEmpty();
        }
    }

    private static ConsumerGroupDescription describe(String group) {
        return Await.value(Objects.requireNonNull(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)));
    }

    private static void awaitShares(int partitionCount, int shareMin, Member... members) {
        Awaitility.await(members.length + " members share " + partitionCount + " partitions")
                .atMost(PATIENCE)
                .until(() -> {
                    List<TopicPartition> owned = Stream.of(members)
                            .map(Member::owned)
                            .flatMap(Collection::stream)
                            .toList();
                    return owned.size() == partitionCount
                            && new HashSet<>(owned).size() == partitionCount
                            && Stream.of(members)
                                    .allMatch(member -> member.owned().size() >= shareMin);
                });
    }
}
