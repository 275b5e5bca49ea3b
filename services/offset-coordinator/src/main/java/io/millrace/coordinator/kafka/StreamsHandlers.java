package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.Answers;
import io.millrace.kafka.handlers.AuthorizedOperations;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.TopicNames;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.streams.StreamsGroupHeartbeatResult;
import org.jspecify.annotations.Nullable;

/// Groups of Kafka Streams applications.
///
/// Threads: event loops; never blocks. Source: KIP-1071.
final class StreamsHandlers {

    private final Groups groups;
    private final InternalTopics internalTopics;

    StreamsHandlers(Groups groups, InternalTopics internalTopics) {
        this.groups = groups;
        this.internalTopics = internalTopics;
    }

    Uni<KafkaResponse> heartbeat(KafkaRequest request) {
        StreamsGroupHeartbeatRequestData heartbeat = ((StreamsGroupHeartbeatRequest) request.body()).data();
        Optional<String> problem = problem(heartbeat.topology());
        if (problem.isPresent()) {
            return Answers.of(new StreamsGroupHeartbeatResponse(new StreamsGroupHeartbeatResponseData()
                    .setErrorCode(Errors.STREAMS_INVALID_TOPOLOGY.code())
                    .setErrorMessage(problem.get())));
        }
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        heartbeat.groupId(),
                        groups.coordinator().streamsGroupHeartbeat(GroupRequestContext.of(request), heartbeat)),
                result -> new StreamsGroupHeartbeatResponse(afterCreation(result)));
    }

    /// The coordinator looks at a topology as a whole; that names are names is Kafka's broker's to see, and so ours.
    private static Optional<String> problem(StreamsGroupHeartbeatRequestData.@Nullable Topology topology) {
        if (topology == null) {
            return Optional.empty();
        }
        TreeSet<String> names = new TreeSet<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            names.addAll(subtopology.sourceTopics());
            names.addAll(subtopology.repartitionSinkTopics());
            subtopology.repartitionSourceTopics().stream().map(TopicInfo::name).forEach(names::add);
            subtopology.stateChangelogTopics().stream().map(TopicInfo::name).forEach(names::add);
        }
        String prohibited = names.stream().filter(Topic::isInternal).collect(Collectors.joining(","));
        if (!prohibited.isEmpty()) {
            return Optional.of(
                    "Use of Kafka internal topics " + prohibited + " in a Kafka Streams topology is prohibited.");
        }
        String invalid = names.stream()
                .filter(name -> TopicNames.problem(name).isPresent())
                .collect(Collectors.joining(","));
        return invalid.isEmpty()
                ? Optional.empty()
                : Optional.of("Topic names " + invalid + " are not valid topic names.");
    }

    private StreamsGroupHeartbeatResponseData afterCreation(StreamsGroupHeartbeatResult result) {
        StreamsGroupHeartbeatResponseData data = result.data();
        if (result.creatableTopics().isEmpty()) {
            return data;
        }
        Map<String, String> failures =
                internalTopics.failures(result.creatableTopics().keySet());
        internalTopics.create(result.creatableTopics().values());
        if (!failures.isEmpty() && data.status() != null) {
            String detail = failures.entrySet().stream()
                    .map(failure -> failure.getKey() + " (" + failure.getValue() + ")")
                    .collect(Collectors.joining(", "));
            for (Status status : data.status()) {
                if (status.statusCode() == StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code()) {
                    status.setStatusDetail(status.statusDetail() + "; Creation failed: " + detail + ".");
                }
            }
        }
        return data;
    }

    Uni<KafkaResponse> describe(KafkaRequest request) {
        StreamsGroupDescribeRequest describe = (StreamsGroupDescribeRequest) request.body();
        boolean tellsOperations = describe.data().includeAuthorizedOperations();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        describe.data().groupIds(),
                        groups.coordinator()
                                .streamsGroupDescribe(
                                        GroupRequestContext.of(request),
                                        describe.data().groupIds())),
                described -> {
                    if (tellsOperations) {
                        described.stream()
                                .filter(group -> group.errorCode() == Errors.NONE.code())
                                .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
                    }
                    return new StreamsGroupDescribeResponse(new StreamsGroupDescribeResponseData()
                            .setGroups(AskedOrder.of(
                                    describe.data().groupIds(),
                                    described,
                                    StreamsGroupDescribeResponseData.DescribedGroup::groupId)));
                });
    }
}
