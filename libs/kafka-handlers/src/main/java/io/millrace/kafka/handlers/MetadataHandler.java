package io.millrace.kafka.handlers;

import io.millrace.kafka.handlers.AutomaticTopics.Found;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicNames;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.jspecify.annotations.Nullable;

/// Answers Metadata: the nodes, and for each topic asked about its partitions and who takes their records.
///
/// Topics that are in memory cost no call; only a name or id that is not there is checked with wal-store, and created
/// if the cluster does so. A topic that wal-store could not be asked about is LEADER_NOT_AVAILABLE, which clients
/// retry: "unknown" is said only of topics that are known not to exist. Who asks for all topics gets wal-store's list.
///
/// Source: Kafka protocol, Metadata; KIP-516 (topic ids), KIP-430 (authorized operations), KIP-1102 (version 13).
final class MetadataHandler implements RequestHandler {

    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 12;

    /// Look-ups of one request that may be under way at wal-store at a time.
    private static final int LOOKUPS_AT_A_TIME = 16;

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;
    private final AutomaticTopics automaticTopics;
    private final boolean createsTopics;

    MetadataHandler(ClusterContext context, AutomaticTopics automaticTopics) {
        this.directory = context.directory();
        this.routing = context.routing();
        this.automaticTopics = automaticTopics;
        this.createsTopics = context.settings().createsTopicsAutomatically();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        MetadataRequest body = (MetadataRequest) request.body();
        String problem = problem(body);
        if (problem != null) {
            return Answers.error(request, Errors.INVALID_REQUEST, problem);
        }
        if (directory.isReady() && !body.isAllTopics()) {
            return answer(body, directory.catalog());
        }
        // Most versions have no room for an error of the whole request, and an answer without topics would be a lie.
        return directory
                .ready()
                .chain(seen ->
                        body.isAllTopics() ? currentOr(seen) : Uni.createFrom().item(seen))
                .chain(catalog -> answer(body, catalog))
                .onFailure(StoreSilence.class)
                .recoverWithItem(silence -> new KafkaResponse.Disconnect(silence.toString()));
    }

    /// The list of all topics shows what was created or deleted a moment ago, as long as wal-store can be asked.
    private Uni<Catalog> currentOr(Catalog seen) {
        return directory.current().onFailure(StoreSilence.class).recoverWithItem(seen);
    }

    private Uni<KafkaResponse> answer(MetadataRequest request, Catalog catalog) {
        RoutingView view = routing.get();
        Collection<Uni<MetadataResponseTopic>> lookups = new ArrayList<>();
        List<MetadataResponseTopic> known = new ArrayList<>();
        if (request.isAllTopics()) {
            for (Topic topic : catalog.topics().values()) {
                known.add(describe(topic, catalog.ownerEpoch(), view));
            }
        } else {
            for (MetadataRequestTopic asked : distinct(request)) {
                Optional<Topic> topic =
                        isById(asked) ? catalog.topic(Uuids.topicId(asked.topicId())) : catalog.topic(asked.name());
                if (topic.isPresent()) {
                    known.add(describe(topic.get(), catalog.ownerEpoch(), view));
                } else {
                    lookups.add(lookUp(asked, request, view));
                }
            }
        }
        if (lookups.isEmpty()) {
            return Answers.of(response(request, catalog, view, known));
        }
        return Uni.join()
                .all(List.copyOf(lookups))
                .usingConcurrencyOf(LOOKUPS_AT_A_TIME)
                .andCollectFailures()
                .map(found -> {
                    known.addAll(found);
                    return new KafkaResponse.Answer(response(request, catalog, view, known));
                });
    }

    private Uni<MetadataResponseTopic> lookUp(MetadataRequestTopic asked, MetadataRequest request, RoutingView view) {
        if (isById(asked)) {
            return directory
                    .find(Uuids.topicId(asked.topicId()))
                    .map(topic -> topic.map(
                                    found -> describe(found, directory.catalog().ownerEpoch(), view))
                            .orElseGet(() -> failed(asked, Errors.UNKNOWN_TOPIC_ID)))
                    .onFailure(StoreSilence.class)
                    .recoverWithItem(() -> failed(asked, Errors.LEADER_NOT_AVAILABLE));
        }
        if (TopicNames.problem(asked.name()).isPresent()) {
            return Uni.createFrom().item(failed(asked, Errors.INVALID_TOPIC_EXCEPTION));
        }
        boolean mayCreate = createsTopics && request.allowAutoTopicCreation();
        return directory
                .find(asked.name())
                .chain(topic -> foundOrCreated(asked.name(), topic, mayCreate))
                .map(found -> describe(asked, found, view))
                .onFailure(StoreSilence.class)
                .recoverWithItem(() -> failed(asked, Errors.LEADER_NOT_AVAILABLE));
    }

    private Uni<Found> foundOrCreated(String name, Optional<Topic> topic, boolean mayCreate) {
        if (topic.isPresent()) {
            return Uni.createFrom().item(new Found.Known(topic.get()));
        }
        return mayCreate ? automaticTopics.create(name) : Uni.createFrom().item(new Found.Unknown());
    }

    private MetadataResponseTopic describe(MetadataRequestTopic asked, Found found, RoutingView view) {
        return switch (found) {
            case Found.Known known ->
                describe(known.topic(), directory.catalog().ownerEpoch(), view);
            case Found.Unknown ignored -> failed(asked, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            case Found.Refused refused -> failed(asked, KafkaErrors.of(refused.refusal()));
            case Found.NotNow ignored -> failed(asked, Errors.LEADER_NOT_AVAILABLE);
        };
    }

    private static MetadataResponseTopic describe(Topic topic, int ownerEpoch, RoutingView view) {
        List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitionCount());
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            List<Integer> replicas = view.replicas(new PartitionId(topic.id(), partition));
            boolean hasLeader = !replicas.isEmpty();
            partitions.add(new MetadataResponsePartition()
                    .setErrorCode((hasLeader ? Errors.NONE : Errors.LEADER_NOT_AVAILABLE).code())
                    .setPartitionIndex(partition)
                    .setLeaderId(hasLeader ? replicas.getFirst() : MetadataResponse.NO_LEADER_ID)
                    .setLeaderEpoch(ownerEpoch)
                    .setReplicaNodes(replicas)
                    .setIsrNodes(replicas)
                    .setOfflineReplicas(List.of()));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(Uuids.of(topic.id()))
                .setIsInternal(org.apache.kafka.common.internals.Topic.isInternal(topic.name()))
                .setPartitions(partitions);
    }

    private static MetadataResponseTopic failed(MetadataRequestTopic asked, Errors error) {
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(asked.name())
                .setTopicId(asked.topicId())
                .setPartitions(List.of());
    }

    private static MetadataResponse response(
            MetadataRequest request, Catalog catalog, RoutingView view, List<MetadataResponseTopic> topics) {
        MetadataResponseData data = new MetadataResponseData()
                .setClusterId(catalog.clusterId())
                .setControllerId(
                        view.controller().map(node -> node.nodeId()).orElse(MetadataResponse.NO_CONTROLLER_ID));
        view.nodes()
                .forEach(node -> node.kafka()
                        .ifPresent(address -> data.brokers()
                                .add(new MetadataResponseBroker()
                                        .setNodeId(node.nodeId())
                                        .setHost(address.host())
                                        .setPort(address.port()))));
        for (MetadataResponseTopic topic : topics) {
            boolean isKnown = topic.errorCode() == Errors.NONE.code();
            if (isKnown && request.data().includeTopicAuthorizedOperations()) {
                topic.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
            }
            data.topics().add(topic);
        }
        if (request.data().includeClusterAuthorizedOperations()) {
            data.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return new MetadataResponse(data, request.version());
    }

    /// A topic that is asked for twice is answered once, as in Kafka; ids win over names when a request has both.
    private static Collection<MetadataRequestTopic> distinct(MetadataRequest request) {
        boolean byId = request.data().topics().stream().anyMatch(MetadataHandler::isById);
        Map<Object, MetadataRequestTopic> distinct = new LinkedHashMap<>();
        for (MetadataRequestTopic topic : request.data().topics()) {
            if (isById(topic) == byId) {
                distinct.putIfAbsent(byId ? topic.topicId() : topic.name(), topic);
            }
        }
        return distinct.values();
    }

    /// Versions 10 and 11 have the fields for topic ids on the wire, but no server ever understood them.
    private static @Nullable String problem(MetadataRequest request) {
        if (request.isAllTopics()) {
            return null;
        }
        for (MetadataRequestTopic topic : request.data().topics()) {
            if (topic.name() == null && (request.version() < FIRST_VERSION_WITH_TOPIC_IDS || !isById(topic))) {
                return "Topic name can not be null for version " + request.version();
            }
            if (isById(topic) && request.version() < FIRST_VERSION_WITH_TOPIC_IDS) {
                return "Topic IDs are not supported in requests for version " + request.version();
            }
        }
        return null;
    }

    private static boolean isById(MetadataRequestTopic topic) {
        return !Uuid.ZERO_UUID.equals(topic.topicId());
    }
}
