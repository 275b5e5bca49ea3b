package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/// Deletes committed offsets of topics that the group is not subscribed to.
///
/// Threads: event loops; never blocks. Errors: as OffsetCommit. Source: KIP-496.
final class OffsetDeleteHandler implements RequestHandler {

    private final Groups groups;
    private final TopicDirectory directory;

    OffsetDeleteHandler(Groups groups, TopicDirectory directory) {
        this.groups = groups;
        this.directory = directory;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        OffsetDeleteRequest delete = (OffsetDeleteRequest) request.body();
        Set<String> names = new HashSet<>();
        delete.data().topics().forEach(topic -> names.add(topic.name()));
        return KnownTopics.find(directory, names, Set.of())
                .onFailure()
                .transform(_ -> Errors.COORDINATOR_NOT_AVAILABLE.exception())
                .flatMap(known -> delete(request, delete.data(), known));
    }

    private Uni<KafkaResponse> delete(KafkaRequest request, OffsetDeleteRequestData asked, KnownTopics known) {
        OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection valid = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic topic : asked.topics()) {
            Optional<Topic> found = known.topic(topic.name());
            OffsetDeleteRequestTopic kept = new OffsetDeleteRequestTopic().setName(topic.name());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                if (found.isPresent() && index >= 0 && index < found.get().partitionCount()) {
                    kept.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(index));
                } else {
                    answer.addPartition(topic.name(), index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
            if (!kept.partitions().isEmpty()) {
                valid.add(kept);
            }
        }
        // Also without any partition: an error of the group takes the place of those of partitions.
        return CoordinatorCall.answer(
                request,
                groups.coordinator()
                        .deleteOffsets(
                                GroupRequestContext.of(request),
                                new OffsetDeleteRequestData()
                                        .setGroupId(asked.groupId())
                                        .setTopics(valid),
                                BufferSupplier.NO_CACHING),
                result -> answer.merge(result).build());
    }
}
