package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.GroupLog;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaCodec;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.ParsedFrame;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.BufferSupplier;

/// Kafka's coordinator over a log, asked as the handlers ask it.
final class CoordinatorRig implements AutoCloseable {

    static final int SHARDS = 4;
    static final TopicId ORDERS = new TopicId(7, 8);
    static final Catalog CATALOG = Catalog.of("cluster", 1, 1, List.of(new Topic(ORDERS, "orders", 3, Map.of())));
    static final Catalog EMPTY_CATALOG = Catalog.of("cluster", 1, 2, List.of());
    static final Catalog CREATED_AGAIN =
            Catalog.of("cluster", 1, 3, List.of(new Topic(new TopicId(70, 80), "orders", 3, Map.of())));

    private static final int PATIENCE_SECONDS = 20;

    private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService loaders = Executors.newFixedThreadPool(2);
    private final EmbeddedCoordinator coordinator;

    private final ShiftedTime time = new ShiftedTime();

    private CoordinatorRig(GroupLog log, Catalog catalog, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>();
        all.put("group.coordinator.threads", "1");
        all.put("group.initial.rebalance.delay.ms", "0");
        all.putAll(properties);
        coordinator = EmbeddedCoordinator.create(
                new CoordinatorSettings(3000, SHARDS, 10, all),
                new GroupSource(log, () -> catalog),
                new CoordinatorThreads(control, loaders),
                new QuietEvents(),
                time);
    }

    /// Later by this much, all at once.
    void passTime(Duration duration) {
        time.shift(duration);
    }

    /// Serving the groups of `catalog`.
    static CoordinatorRig start(GroupLog log, Catalog catalog) {
        return start(log, catalog, Map.of());
    }

    static CoordinatorRig start(GroupLog log, Catalog catalog, Map<String, String> properties) {
        CoordinatorRig rig = open(log, catalog, properties);
        rig.awaitServing();
        return rig;
    }

    /// Not yet serving, and perhaps never.
    static CoordinatorRig open(GroupLog log, Catalog catalog, Map<String, String> properties) {
        CoordinatorRig rig = new CoordinatorRig(log, catalog, properties);
        rig.coordinator.showCatalog(catalog);
        return rig;
    }

    /// Kafka's coordinator answers a moment after the last shard was loaded.
    void awaitServing() {
        while (!coordinator.isServing() || !answers()) {
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        return get(groups().coordinator()
                                .listGroups(
                                        GroupRequestContext.ofRest(ApiKeys.LIST_GROUPS), new ListGroupsRequestData()))
                        .errorCode()
                == Errors.NONE.code();
    }

    EmbeddedCoordinator coordinator() {
        return coordinator;
    }

    Groups groups() {
        return coordinator.groups();
    }

    Errors commit(String group, int partition, long offset) {
        return commit(group, List.of(partition), offset);
    }

    /// All of them at once; the first one's error.
    Errors commit(String group, List<Integer> partitions, long offset) {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(partitions.stream()
                                .map(partition -> new OffsetCommitRequestPartition()
                                        .setPartitionIndex(partition)
                                        .setCommittedOffset(offset))
                                .toList())));
        while (true) {
            OffsetCommitResponseData answer = get(groups().coordinator()
                    .commitOffsets(context(ApiKeys.OFFSET_COMMIT), request, BufferSupplier.NO_CACHING));
            Errors error = Errors.forCode(
                    answer.topics().getFirst().partitions().getFirst().errorCode());
            if (error != Errors.COORDINATOR_LOAD_IN_PROGRESS) {
                return error;
            }
        }
    }

    long fetch(String group, int partition) {
        return fetch(group, "orders", partition);
    }

    long fetch(String group, String topic, int partition) {
        while (true) {
            OffsetFetchResponseGroup answer = get(offsets(group, topic, partition));
            if (answer.errorCode() != Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
                return answer.topics().getFirst().partitions().getFirst().committedOffset();
            }
        }
    }

    /// As the handler asks: what is answered is still true.
    CompletableFuture<OffsetFetchResponseGroup> offsets(String group, int partition) {
        return offsets(group, "orders", partition);
    }

    private CompletableFuture<OffsetFetchResponseGroup> offsets(String group, String topic, int partition) {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(group)
                .setTopics(
                        List.of(new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(partition))));
        return groups().confirmed(
                        group, groups().coordinator().fetchOffsets(context(ApiKeys.OFFSET_FETCH), request, true));
    }

    ConsumerGroupHeartbeatResponseData join(String group, String member) {
        return awaitLoaded(new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(5000)
                .setSubscribedTopicNames(List.of("orders"))
                .setTopicPartitions(List.of()));
    }

    /// As one that wants all topics that match.
    ConsumerGroupHeartbeatResponseData joinByExpression(String group, String member, String expression) {
        return awaitLoaded(new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(5000)
                .setSubscribedTopicRegex(expression)
                .setTopicPartitions(List.of()));
    }

    /// Beats until the member is given partitions of so many topics.
    int awaitTopics(String group, String member, int epoch, int topicCount) {
        int now = epoch;
        while (true) {
            ConsumerGroupHeartbeatResponseData answer = beat(group, member, now);
            now = answer.memberEpoch();
            if (answer.assignment() != null
                    && answer.assignment().topicPartitions().size() == topicCount) {
                return now;
            }
        }
    }

    ConsumerGroupHeartbeatResponseData beat(String group, String member, int epoch) {
        return awaitLoaded(beatOf(group, member, epoch));
    }

    static ConsumerGroupHeartbeatRequestData beatOf(String group, String member, int epoch) {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setMemberEpoch(epoch);
    }

    private ConsumerGroupHeartbeatResponseData awaitLoaded(ConsumerGroupHeartbeatRequestData request) {
        while (true) {
            ConsumerGroupHeartbeatResponseData answer = get(heartbeat(request));
            if (answer.errorCode() != Errors.COORDINATOR_LOAD_IN_PROGRESS.code()) {
                return answer;
            }
        }
    }

    CompletableFuture<ConsumerGroupHeartbeatResponseData> heartbeat(ConsumerGroupHeartbeatRequestData request) {
        return groups().confirmed(
                        request.groupId(),
                        groups().coordinator()
                                .consumerGroupHeartbeat(context(ApiKeys.CONSUMER_GROUP_HEARTBEAT), request));
    }

    /// As it comes from a client.
    static KafkaRequest request(AbstractRequest body) {
        ByteBuffer frame = body.serializeWithHeader(new RequestHeader(body.apiKey(), body.version(), "me", 1));
        return ((ParsedFrame.Parsed) KafkaCodec.parse(frame, ClientDetails.unnamed("127.0.0.1", 1, "kafka"))).request();
    }

    static GroupRequestContext context(ApiKeys api) {
        return GroupRequestContext.ofRest(api);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        coordinator.close();
        control.shutdownNow();
        loaders.shutdownNow();
    }
}
