package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;

import io.millrace.e2e.cluster.Service;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/// One member of a group of the classic protocol, request by request.
///
/// @param memberId given by the coordinator
record ClassicGroup(Scene scene, String group, String memberId, int generation) {
    /// Version 0 of Kafka's own embedded protocol: no topics, no user data. The coordinator reads it.
    private static final byte[] SUBSCRIPTION = {0, 0, 0, 0, 0, 0, -1, -1, -1, -1};

    static final byte[] ASSIGNMENT = "what the leader said".getBytes(StandardCharsets.UTF_8);

    /// Joins a new group alone, and so becomes its leader.
    static ClassicGroup join(Scene scene, int version) {
        String group = scene.freshName("group");
        JoinGroupResponseData answer = join(scene, group, "", version);
        if (Errors.forCode(answer.errorCode()) == Errors.MEMBER_ID_REQUIRED) {
            answer = join(scene, group, answer.memberId(), version);
        }
        assertNone(answer.errorCode());
        if (!answer.leader().equals(answer.memberId())) {
            throw new AssertionError("the only member is not the leader: " + answer);
        }
        return new ClassicGroup(scene, group, answer.memberId(), answer.generationId());
    }

    private static JoinGroupResponseData join(Scene scene, String group, String memberId, int version) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setSessionTimeoutMs(30_000)
                .setProtocolType("consumer");
        if (version >= 1) {
            request.setRebalanceTimeoutMs(30_000);
        }
        request.protocols()
                .add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(SUBSCRIPTION));
        return call(scene, request, version, JoinGroupResponseData.class);
    }

    /// The assignment that came back.
    byte[] sync(int version) {
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setAssignments(List.of(new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId(memberId)
                        .setAssignment(ASSIGNMENT)));
        if (version >= 5) {
            request.setProtocolType("consumer").setProtocolName("range");
        }
        SyncGroupResponseData answer = call(scene, request, version, SyncGroupResponseData.class);
        assertNone(answer.errorCode());
        return answer.assignment();
    }

    Errors heartbeat(int version) {
        HeartbeatRequestData request = new HeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setGenerationId(generation);
        return Errors.forCode(
                call(scene, request, version, HeartbeatResponseData.class).errorCode());
    }

    private static <T extends ApiMessage> T call(Scene scene, ApiMessage request, int version, Class<T> type) {
        return scene.call(Service.OFFSET_COORDINATOR, request, version, type);
    }
}
