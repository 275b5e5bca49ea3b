package io.millrace.coordinator.kafka;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/// A member of a group, joined as a consumer would and then silent.
public final class LiveMember {

    private LiveMember() {}

    public static void join(EmbeddedCoordinator coordinator, String group, String topic) throws Exception {
        coordinator
                .groups()
                .coordinator()
                .consumerGroupHeartbeat(
                        GroupRequestContext.ofRest(ApiKeys.CONSUMER_GROUP_HEARTBEAT),
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId(group)
                                .setMemberId("member-1")
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(5000)
                                .setSubscribedTopicNames(List.of(topic))
                                .setTopicPartitions(List.of()))
                .get(10, TimeUnit.SECONDS);
    }
}
