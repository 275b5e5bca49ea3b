package io.millrace.coordinator.kafka;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/// Deletes committed offsets of topics that the group is not subscribed to.
///
/// Threads: event loops; never blocks. Errors: as OffsetCommit. Source: KIP-496.
final class OffsetDeleteHandler implements RequestHandler {

    private final Groups groups;
    private final OffsetTurns turns;

    OffsetDeleteHandler(Groups groups, OffsetTurns turns) {
        this.groups = groups;
        this.turns = turns;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetDeleteRequestData asked = ((OffsetDeleteRequest) request.body()).data();
        Set<String> names = new HashSet<>();
        asked.topics().forEach(topic -> names.add(topic.name()));
        List<CompletableFuture<OffsetDeleteResponseData>> parts = turns.start(
                asked.groupId(), new TopicNames(names, Set.of()), (part, known) -> delete(request, asked, part, known));
        return CoordinatorCall.answer(
                request, parts.size() == 1 ? parts.getFirst() : joined(asked, parts), OffsetDeleteResponse::new);
    }

    private CompletableFuture<OffsetDeleteResponseData> delete(
            KafkaRequest request, OffsetDeleteRequestData asked, TopicNames part, KnownTopics known) {
        OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection valid = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic topic : asked.topics()) {
            if (part.names().contains(topic.name())) {
                OffsetDeleteRequestTopic kept = validPartitions(topic, known.topic(topic.name()), answer);
                if (!kept.partitions().isEmpty()) {
                    valid.add(kept);
                }
            }
        }
        // Also without any partition: an error of the group takes the place of those of partitions.
        return groups.coordinator()
                .deleteOffsets(
                        GroupRequestContext.of(request),
                        new OffsetDeleteRequestData()
                                .setGroupId(asked.groupId())
                                .setTopics(valid),
                        BufferSupplier.NO_CACHING)
                .thenApply(result -> answer.merge(result).build().data());
    }

    private static OffsetDeleteRequestTopic validPartitions(
            OffsetDeleteRequestTopic asked, Optional<Topic> found, OffsetDeleteResponse.Builder answer) {
        OffsetDeleteRequestTopic valid = new OffsetDeleteRequestTopic().setName(asked.name());
        for (OffsetDeleteRequestPartition partition : asked.partitions()) {
            int index = partition.partitionIndex();
            if (found.isPresent() && index >= 0 && index < found.get().partitionCount()) {
                valid.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(index));
            } else {
                answer.addPartition(asked.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            }
        }
        return valid;
    }

    /// In the order of the request. If a part failed, or has an error of the group, that is the whole answer.
    private static CompletableFuture<OffsetDeleteResponseData> joined(
            OffsetDeleteRequestData asked, List<CompletableFuture<OffsetDeleteResponseData>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            List<OffsetDeleteResponseData> answers =
                    parts.stream().map(CompletableFuture::join).toList();
            return answers.stream()
                    .filter(answer -> answer.errorCode() != Errors.NONE.code())
                    .findFirst()
                    .orElseGet(() -> inOrder(asked, answers));
        });
    }

    private static OffsetDeleteResponseData inOrder(
            OffsetDeleteRequestData asked, List<OffsetDeleteResponseData> answers) {
        OffsetDeleteResponseData all = new OffsetDeleteResponseData();
        asked.topics().stream()
                .map(OffsetDeleteRequestTopic::name)
                .distinct()
                .flatMap(name -> answers.stream().map(answer -> answer.topics().find(name)))
                .filter(Objects::nonNull)
                .forEach(topic -> all.topics().add(topic.duplicate()));
        return all;
    }
}
