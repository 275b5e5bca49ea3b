package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.FaultInjection;
import io.millrace.e2e.cluster.MemoryDisk;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The disk under offset-coordinator is full, fails, or is slow: clients get errors or wait, nothing is answered that
/// is not so, and it goes on by itself when the disk does, or after the next start.
///
/// Source: failures F19 (a commit answered although persisting failed), F43 (disk full, crash loop).
final class CoordinatorDiskIT {
    private static final String TOPIC = "disk";
    private static final int PARTITIONS = 20;
    private static final long DISK_BYTES = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Each takes all shards over, which writes; what is left of the disk must do for all of them.
    private static final int STARTS_ON_FULL_DISK = 6;

    private final Map<String, Long> answered = new ConcurrentHashMap<>();

    @Test
    void aFullDiskRefusesCommitsAnswersReadsAndRecovers() throws IOException {
        MillraceCluster cluster = MillraceCluster.prepare(QuickGroups.cluster("coordinator-full-disk")
                .with("millrace.offset-coordinator.allow-volatile-memory", "true"));
        Path place = Files.createDirectories(cluster.dataDirectory().resolve("offset-coordinator"));
        MemoryDisk disk = MemoryDisk.mount(place, DISK_BYTES);
        try {
            cluster.start();
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, PARTITIONS);
            fillAndRecover(cluster, clients, disk);
            cluster.kill();
        } finally {
            cluster.kill();
            disk.close();
            cluster.close();
        }
    }

    private void fillAndRecover(MillraceCluster cluster, Clients clients, MemoryDisk disk) {
        try (Member member = Member.join(clients, QuickGroups.settings("beating", "consumer"), TOPIC)) {
            Awaitility.await("a member")
                    .atMost(PATIENCE)
                    .until(() -> member.owned().size() == PARTITIONS);
            try (RawCommits commits = commits(cluster)) {
                assertThat(commits.commit("group", 1)).isEqualTo(Errors.NONE);
                disk.fill();
                assertThat(commitUntilRefused(commits)).isEqualTo(Errors.NOT_COORDINATOR);

                assertThat(commits.commit("group", 1_000_000)).isEqualTo(Errors.NOT_COORDINATOR);
                assertThat(commits.losses()).isEmpty();
                assertThat(cluster.process(Service.OFFSET_COORDINATOR).isAlive())
                        .isTrue();
            }
            for (int i = 0; i < STARTS_ON_FULL_DISK; i++) {
                cluster.kill(Service.OFFSET_COORDINATOR);
                cluster.start(Service.OFFSET_COORDINATOR);
                try (RawCommits commits = commits(cluster)) {
                    assertThat(commits.losses()).isEmpty();
                    assertThat(commits.commit("group", 1_000_001 + i)).isEqualTo(Errors.NOT_COORDINATOR);
                }
            }
            try (RawCommits commits = commits(cluster)) {
                disk.makeSpace();
                Awaitility.await("commits are taken again")
                        .atMost(PATIENCE)
                        .until(() -> commits.commit("group", 2_000_000) == Errors.NONE);
            }
            cluster.kill(Service.OFFSET_COORDINATOR);
            cluster.start(Service.OFFSET_COORDINATOR);
            try (RawCommits commits = commits(cluster)) {
                assertThat(commits.losses()).isEmpty();
            }
            assertThat(member.isRunning()).isTrue();
            assertThat(member.losses()).as("heartbeats went on").isZero();
        }
    }

    private static Errors commitUntilRefused(RawCommits commits) {
        for (int i = 0; i < 4 * DISK_BYTES / (PARTITIONS * 4_000); i++) {
            Errors error = commits.commit("filling-" + i, i);
            if (error != Errors.NONE) {
                return error;
            }
        }
        throw new AssertionError("the disk took more than there is");
    }

    @Test
    void aFailedForceAnswersNothingAndEndsTheProcess() {
        try (MillraceCluster cluster = MillraceCluster.start(QuickGroups.cluster("coordinator-failing-disk"))) {
            new Clients(cluster.bootstrap()).createTopic(TOPIC, PARTITIONS);
            ServiceProcess coordinator = cluster.process(Service.OFFSET_COORDINATOR);
            try (RawCommits commits = commits(cluster)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(commits.commit("group-" + i % 5, i)).isEqualTo(Errors.NONE);
                }
                try (FaultInjection injection = FaultInjection.failing(coordinator, "fdatasync,fsync", "EIO")) {
                    assertThat(commitOrDie(commits)).isNotEqualTo(Errors.NONE);

                    assertThat(coordinator.awaitExit(PATIENCE)).isNotZero();
                    assertThat(injection.hasStruck()).isTrue();
                    assertThat(coordinator.logTail(100)).containsIgnoringCase("input/output error");
                }
            }

            cluster.start(Service.OFFSET_COORDINATOR);
            try (RawCommits commits = commits(cluster)) {
                assertThat(commits.losses()).isEmpty();
                assertThat(commits.commit("group-1", 1_000)).isEqualTo(Errors.NONE);
            }
        }
    }

    /// The process may end before it has answered.
    private static Errors commitOrDie(RawCommits commits) {
        try {
            return commits.commit("group-1", 100);
        } catch (AssertionError | RuntimeException disconnected) {
            return Errors.NETWORK_EXCEPTION;
        }
    }

    /// Each force takes longer than the interval of heartbeats, and many groups commit: no member loses its place.
    @Test
    void aSlowDiskAndManyGroupsDoNotKeepHeartbeatsUp() {
        try (MillraceCluster cluster = MillraceCluster.start(QuickGroups.cluster("coordinator-slow-disk"))) {
            Clients clients = new Clients(cluster.bootstrap());
            clients.createTopic(TOPIC, PARTITIONS);
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                    .toList();
            List<Member> members = new ArrayList<>();
            try (Load load = new Load(
                            TOPIC, clients.producer(), Seed.print("slow disk").random());
                    SteadyLoad steady = SteadyLoad.start(load, partitions, 100)) {
                for (String protocol : List.of("classic", "consumer")) {
                    for (int i = 0; i < 4; i++) {
                        members.add(
                                Member.join(clients, QuickGroups.settings("slow-" + protocol + i, protocol), TOPIC));
                    }
                }
                Awaitility.await("all groups have their partitions")
                        .atMost(PATIENCE)
                        .until(() -> members.stream()
                                .allMatch(member -> member.owned().size() == PARTITIONS));
                ServiceProcess coordinator = cluster.process(Service.OFFSET_COORDINATOR);
                try (FaultInjection injection =
                        FaultInjection.delaying(coordinator, "fdatasync", Duration.ofMillis(1_500))) {
                    List<Integer> before = members.stream()
                            .map(member -> member.journal().size())
                            .toList();
                    Awaitility.await("twice the session time, and every group goes on")
                            .atMost(PATIENCE)
                            .during(QuickGroups.SESSION.multipliedBy(2))
                            .until(() -> members.stream().allMatch(member -> member.losses() == 0));
                    assertThat(injection.hasStruck()).isTrue();
                    for (int i = 0; i < members.size(); i++) {
                        assertThat(members.get(i).journal().size()).isGreaterThan(before.get(i));
                    }
                }
                steady.stop();
                load.flush();
                assertThat(members)
                        .allSatisfy(member -> assertThat(member.losses()).isZero());
            } finally {
                members.forEach(Member::close);
            }
        }
    }

    private RawCommits commits(MillraceCluster cluster) {
        return new RawCommits(cluster.kafka(Service.OFFSET_COORDINATOR), TOPIC, PARTITIONS, answered);
    }
}
