package io.millrace.coordinator.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/// The answer to an OffsetCommit that was committed in parts, in the order of the request.
///
/// Threads: immutable.
record CommitAnswer(OffsetCommitRequestData asked, short version) {

    /// @param topic its id or its name, whichever the request has
    private record Place(Object topic, int partition) {}

    /// Errors: never fails; what a part that failed has not answered has the error of the failure.
    CompletableFuture<OffsetCommitResponseData> joined(List<CompletableFuture<OffsetCommitResponseData>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .handle((_, failure) ->
                        ordered(codes(parts), failure == null ? Errors.NONE : CoordinatorCall.error(failure)));
    }

    private Map<Place, Short> codes(List<CompletableFuture<OffsetCommitResponseData>> parts) {
        Map<Place, Short> codes = new HashMap<>();
        for (CompletableFuture<OffsetCommitResponseData> part : parts) {
            if (!part.isCompletedExceptionally()) {
                for (OffsetCommitResponseTopic topic : part.resultNow().topics()) {
                    Object key = key(topic.topicId(), topic.name());
                    topic.partitions()
                            .forEach(each -> codes.put(new Place(key, each.partitionIndex()), each.errorCode()));
                }
            }
        }
        return codes;
    }

    private Object key(Uuid id, String name) {
        return OffsetCommitResponse.useTopicIds(version) ? id : name;
    }

    private OffsetCommitResponseData ordered(Map<Place, Short> codes, Errors otherwise) {
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic topic : asked.topics()) {
            Object key = key(topic.topicId(), topic.name());
            OffsetCommitResponseTopic answered =
                    new OffsetCommitResponseTopic().setTopicId(topic.topicId()).setName(topic.name());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                answered.partitions()
                        .add(new OffsetCommitResponsePartition()
                                .setPartitionIndex(index)
                                .setErrorCode(codes.getOrDefault(new Place(key, index), otherwise.code())));
            }
            answer.topics().add(answered);
        }
        return answer;
    }
}
