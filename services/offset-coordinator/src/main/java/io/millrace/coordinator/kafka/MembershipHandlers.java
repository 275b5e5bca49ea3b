package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.Answers;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/// Joining, staying in and leaving a group, in both protocols.
///
/// Threads: event loops; never blocks. Source: KIP-429, KIP-559, KIP-848.
final class MembershipHandlers {

    private final Groups groups;
    private final MemberWaits waits;

    MembershipHandlers(Groups groups, MemberWaits waits) {
        this.groups = groups;
        this.waits = waits;
    }

    Uni<KafkaResponse> join(KafkaRequest request) {
        JoinGroupRequest join = (JoinGroupRequest) request.body();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        join.data().groupId(),
                        waits.untilEnd(groups.coordinator()
                                .joinGroup(GroupRequestContext.of(request), join.data(), BufferSupplier.NO_CACHING))),
                result -> new JoinGroupResponse(result, request.version()));
    }

    Uni<KafkaResponse> sync(KafkaRequest request) {
        SyncGroupRequest sync = (SyncGroupRequest) request.body();
        if (!sync.areMandatoryProtocolTypeAndNamePresent()) {
            // KIP-559: from version 5 on a member says which protocol it takes the assignment for.
            return Answers.error(request, Errors.INCONSISTENT_GROUP_PROTOCOL, "protocol type and name must be present");
        }
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        sync.data().groupId(),
                        waits.untilEnd(groups.coordinator()
                                .syncGroup(GroupRequestContext.of(request), sync.data(), BufferSupplier.NO_CACHING))),
                SyncGroupResponse::new);
    }

    Uni<KafkaResponse> heartbeat(KafkaRequest request) {
        HeartbeatRequest heartbeat = (HeartbeatRequest) request.body();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        heartbeat.data().groupId(),
                        groups.coordinator().heartbeat(GroupRequestContext.of(request), heartbeat.data())),
                HeartbeatResponse::new);
    }

    Uni<KafkaResponse> leave(KafkaRequest request) {
        LeaveGroupRequest leave = (LeaveGroupRequest) request.body();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        leave.data().groupId(),
                        groups.coordinator().leaveGroup(GroupRequestContext.of(request), leave.normalizedData())),
                result -> new LeaveGroupResponse(result, request.version()));
    }

    Uni<KafkaResponse> consumerGroupHeartbeat(KafkaRequest request) {
        ConsumerGroupHeartbeatRequest heartbeat = (ConsumerGroupHeartbeatRequest) request.body();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        heartbeat.data().groupId(),
                        groups.coordinator().consumerGroupHeartbeat(GroupRequestContext.of(request), heartbeat.data())),
                ConsumerGroupHeartbeatResponse::new);
    }
}
