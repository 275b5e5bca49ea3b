package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/// The Kafka requests that this service answers besides those of every node.
final class GroupApis {

    private GroupApis() {}

    /// One handler for each of them.
    static Map<ApiKeys, RequestHandler> handlers(
            EmbeddedCoordinator coordinator,
            TopicDirectory directory,
            InternalTopics internalTopics,
            MemberWaits waits) {
        Groups groups = coordinator.groups();
        MembershipHandlers membership = new MembershipHandlers(groups, waits);
        StreamsHandlers streams = new StreamsHandlers(groups, internalTopics);
        GroupAdminHandlers admin = new GroupAdminHandlers(groups);
        OffsetTurns turns = new OffsetTurns(directory);
        Map<ApiKeys, RequestHandler> handlers = new EnumMap<>(ApiKeys.class);
        handlers.put(ApiKeys.JOIN_GROUP, membership::join);
        handlers.put(ApiKeys.SYNC_GROUP, membership::sync);
        handlers.put(ApiKeys.HEARTBEAT, membership::heartbeat);
        handlers.put(ApiKeys.LEAVE_GROUP, membership::leave);
        handlers.put(ApiKeys.CONSUMER_GROUP_HEARTBEAT, membership::consumerGroupHeartbeat);
        handlers.put(ApiKeys.STREAMS_GROUP_HEARTBEAT, streams::heartbeat);
        handlers.put(ApiKeys.STREAMS_GROUP_DESCRIBE, streams::describe);
        handlers.put(ApiKeys.OFFSET_COMMIT, new OffsetCommitHandler(groups, turns));
        handlers.put(ApiKeys.OFFSET_FETCH, new OffsetFetchHandler(groups, directory));
        handlers.put(ApiKeys.OFFSET_DELETE, new OffsetDeleteHandler(groups, turns));
        handlers.put(ApiKeys.LIST_GROUPS, admin::list);
        handlers.put(ApiKeys.DESCRIBE_GROUPS, admin::describe);
        handlers.put(ApiKeys.CONSUMER_GROUP_DESCRIBE, admin::describeConsumerGroups);
        handlers.put(ApiKeys.DELETE_GROUPS, admin::delete);
        return handlers;
    }
}
