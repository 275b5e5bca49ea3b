package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/// Answers committed offsets, of one group or of several.
///
/// Threads: event loops; never blocks.
/// Errors: a partition without a committed offset is -1, no error, as in Kafka. If wal-store does not say
/// whether a topic exists, COORDINATOR_NOT_AVAILABLE, which clients retry.
/// Source: KIP-709 (several groups), KIP-848 (topic ids from version 10 on).
final class OffsetFetchHandler implements RequestHandler {

    private final CommittedOffsets offsets;

    OffsetFetchHandler(Groups groups, TopicDirectory directory) {
        offsets = new CommittedOffsets(groups, directory);
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetFetchRequest fetch = (OffsetFetchRequest) request.body();
        List<OffsetFetchRequestGroup> asked = fetch.groups();
        if (asked.isEmpty()) {
            return Uni.createFrom().item(answer(List.of(), request.version()));
        }
        List<Uni<OffsetFetchResponseGroup>> answers = new ArrayList<>();
        for (OffsetFetchRequestGroup group : asked) {
            answers.add(fetchGroup(request, group));
        }
        return Uni.join().all(answers).andFailFast().map(fetched -> answer(fetched, request.version()));
    }

    private static KafkaResponse answer(List<OffsetFetchResponseGroup> fetched, short version) {
        return new KafkaResponse.Answer(new OffsetFetchResponse.Builder(fetched).build(version));
    }

    private Uni<OffsetFetchResponseGroup> fetchGroup(KafkaRequest request, OffsetFetchRequestGroup group) {
        Uni<OffsetFetchResponseGroup> fetched = OffsetFetchRequest.requestAllOffsets(group)
                ? offsets.all(question(request, group))
                : offsets.known(topics(request, group)).flatMap(known -> fetchTopics(request, group, known));
        return fetched.onFailure()
                .recoverWithItem(failure ->
                        OffsetFetchResponse.groupError(group, CoordinatorCall.error(failure), request.version()));
    }

    private static CommittedOffsets.Question question(KafkaRequest request, OffsetFetchRequestGroup group) {
        boolean requireStable = ((OffsetFetchRequest) request.body()).requireStable();
        return new CommittedOffsets.Question(GroupRequestContext.of(request), group, requireStable);
    }

    private static TopicNames topics(KafkaRequest request, OffsetFetchRequestGroup group) {
        boolean hasIds = OffsetFetchRequest.useTopicIds(request.version());
        Set<String> names = new HashSet<>();
        Set<TopicId> ids = new HashSet<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            if (hasIds) {
                ids.add(Uuids.topicId(topic.topicId()));
            } else {
                names.add(topic.name());
            }
        }
        return new TopicNames(names, ids);
    }

    private Uni<OffsetFetchResponseGroup> fetchTopics(
            KafkaRequest request, OffsetFetchRequestGroup group, KnownTopics known) {
        boolean hasIds = OffsetFetchRequest.useTopicIds(request.version());
        List<OffsetFetchRequestTopics> existing = new ArrayList<>();
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            Optional<Topic> found = hasIds ? known.topic(Uuids.topicId(topic.topicId())) : known.topic(topic.name());
            found.ifPresentOrElse(
                    each -> existing.add(CommittedOffsets.identified(each, topic.partitionIndexes())),
                    () -> unknown.add(unknown(topic, hasIds ? Errors.UNKNOWN_TOPIC_ID : Errors.NONE)));
        }
        return offsets.of(question(request, group), existing).map(result -> withUnknown(result, unknown));
    }

    private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic, Errors error) {
        List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
        for (int partition : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponsePartitions()
                    .setPartitionIndex(partition)
                    .setErrorCode(error.code())
                    .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                    .setMetadata(OffsetFetchResponse.NO_METADATA));
        }
        return new OffsetFetchResponseTopics()
                .setTopicId(topic.topicId())
                .setName(topic.name())
                .setPartitions(partitions);
    }

    private static OffsetFetchResponseGroup withUnknown(
            OffsetFetchResponseGroup fetched, List<OffsetFetchResponseTopics> unknown) {
        if (fetched.errorCode() != Errors.NONE.code() || unknown.isEmpty()) {
            return fetched;
        }
        List<OffsetFetchResponseTopics> all = new ArrayList<>(fetched.topics());
        all.addAll(unknown);
        return fetched.setTopics(all);
    }
}
