package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.ClassicGroupState;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// offset-coordinator is stopped in order while a member waits for another to join the group again.
///
/// Source: failure F45 (a restart rebalanced).
@WithCluster
final class StopInRebalanceIT {
    private static final String GROUP = "stop-in-rebalance";
    private static final int JOIN = 9;
    private static final int SYNC = 5;
    private static final int HEARTBEAT = 4;
    private static final int SESSION_MILLIS = 60_000;
    /// Version 0 of the embedded protocol, subscription and assignment alike: no topics, no user data.
    private static final byte[] EMPTY = {0, 0, 0, 0, 0, 0, -1, -1, -1, -1};

    private final MillraceCluster cluster;
    private final Clients clients;

    StopInRebalanceIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void whoWaitsForAMemberIsSentToTheNextCoordinator() {
        String first;
        int generation;
        try (RawConnection connection = connect();
                RawConnection late = connect()) {
            first = newMember(connection);
            generation = connection
                    .call(join(first), JOIN, JoinGroupResponseData.class)
                    .generationId();
            SyncGroupResponseData synced = connection.call(sync(first, generation), SYNC, SyncGroupResponseData.class);
            assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
            late.post(join(newMember(late)), JOIN);
            awaitRebalance();

            cluster.terminate(Service.OFFSET_COORDINATOR);

            JoinGroupResponseData answer = late.receive(JoinGroupResponseData.class);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
        }
        cluster.start(Service.OFFSET_COORDINATOR);
        try (RawConnection connection = connect()) {
            Awaitility.await("the group is loaded").until(() -> beat(connection, first, generation) == Errors.NONE);
        }
    }

    private RawConnection connect() {
        return RawConnection.open(cluster.kafka(Service.OFFSET_COORDINATOR));
    }

    /// A member's id; it has not joined yet.
    private static String newMember(RawConnection connection) {
        JoinGroupResponseData answer = connection.call(join(""), JOIN, JoinGroupResponseData.class);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        return answer.memberId();
    }

    private static JoinGroupRequestData join(String member) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(member)
                .setSessionTimeoutMs(SESSION_MILLIS)
                .setRebalanceTimeoutMs(SESSION_MILLIS)
                .setProtocolType("consumer");
        request.protocols()
                .add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(EMPTY));
        return request;
    }

    private static SyncGroupRequestData sync(String member, int generation) {
        return new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(member)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range")
                .setAssignments(List.of(new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId(member)
                        .setAssignment(EMPTY)));
    }

    private static Errors beat(RawConnection connection, String member, int generation) {
        HeartbeatRequestData request =
                new HeartbeatRequestData().setGroupId(GROUP).setMemberId(member).setGenerationId(generation);
        return Errors.forCode(
                connection.call(request, HEARTBEAT, HeartbeatResponseData.class).errorCode());
    }

    private void awaitRebalance() {
        try (Admin admin = clients.admin()) {
            Awaitility.await("the late member joins")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Await.value(
                                    admin.describeClassicGroups(List.of(GROUP)).all())
                            .values()
                            .stream()
                            .allMatch(group -> group.state() == ClassicGroupState.PREPARING_REBALANCE));
        }
    }
}
