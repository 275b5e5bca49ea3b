package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Twenty thousand committed offsets in two thousand groups: all of them are there after a kill, and as soon as an
/// empty coordinator would be; how soon is printed, beside the time of an empty one.
final class ManyGroupsIT {
    private static final int GROUPS = 2_000;
    private static final int PARTITIONS = 10;
    private static final int PIPELINED = 50;
    private static final int VERSION = 8;
    private static final String TOPIC = "many";

    @Test
    void everyGroupAnswersRightAfterAKill() {
        try (MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("many-groups"))) {
            new Clients(cluster.bootstrap()).createTopic(TOPIC, PARTITIONS);
            Duration empty = shortest(() -> restart(cluster, List.of()));
            commitAll(cluster);
            List<Long> expected =
                    IntStream.range(0, GROUPS).mapToObj(Long::valueOf).toList();

            Duration full = shortest(() -> restart(cluster, expected));

            System.out.printf(
                    "ManyGroupsIT: from the start until every group answered %d ms, %d ms without groups%n",
                    full.toMillis(), empty.toMillis());
        }
    }

    private static Duration shortest(Supplier<Duration> restart) {
        return IntStream.range(0, Tier.rounds(1, 5))
                .mapToObj(_ -> restart.get())
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /// How long it takes from the start of the process until all groups have answered.
    ///
    /// @param expected offsets by group
    private static Duration restart(MillraceCluster cluster, List<Long> expected) {
        cluster.kill(Service.OFFSET_COORDINATOR);
        long start = System.nanoTime();
        cluster.launch(Service.OFFSET_COORDINATOR);
        Awaitility.await("all groups answer")
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> cluster.isReady(Service.OFFSET_COORDINATOR));
        assertThat(offsets(cluster, expected.size())).isEqualTo(expected);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void commitAll(MillraceCluster cluster) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.OFFSET_COORDINATOR))) {
            for (int first = 0; first < GROUPS; first += PIPELINED) {
                for (int group = first; group < first + PIPELINED; group++) {
                    connection.post(commit(group), VERSION);
                }
                for (int i = 0; i < PIPELINED; i++) {
                    assertThat(connection
                                    .receive(OffsetCommitResponseData.class)
                                    .topics()
                                    .getFirst()
                                    .partitions())
                            .allMatch(partition -> partition.errorCode() == Errors.NONE.code());
                }
            }
        }
    }

    private static OffsetCommitRequestData commit(int group) {
        List<OffsetCommitRequestPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(group))
                .toList();
        return new OffsetCommitRequestData()
                .setGroupId("group-" + group)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(TOPIC).setPartitions(partitions)));
    }

    /// Of each group, the offset that all its partitions have.
    private static List<Long> offsets(MillraceCluster cluster, int groupCount) {
        List<OffsetFetchRequestGroup> groups = IntStream.range(0, groupCount)
                .mapToObj(group -> new OffsetFetchRequestGroup()
                        .setGroupId("group-" + group)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setName(TOPIC)
                                .setPartitionIndexes(
                                        IntStream.range(0, PARTITIONS).boxed().toList()))))
                .toList();
        List<Long> offsets = new ArrayList<>();
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.OFFSET_COORDINATOR))) {
            OffsetFetchResponseData answer = connection.call(
                    new OffsetFetchRequestData().setGroups(groups), VERSION, OffsetFetchResponseData.class);
            for (OffsetFetchResponseGroup group : answer.groups()) {
                List<Long> each = group.topics().getFirst().partitions().stream()
                        .map(partition -> partition.committedOffset())
                        .distinct()
                        .toList();
                assertThat(each).as(group.groupId() + " " + group.errorCode()).hasSize(1);
                offsets.add(each.getFirst());
            }
        }
        return offsets;
    }
}
