package io.millrace.ingest.kafka;

import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.jspecify.annotations.Nullable;

/// One Produce request on its way: a part for each partition, and the answer when all of them have theirs.
///
/// Threads: prepared and appended on the connection's event loop; the owner's answers come on any thread.
final class ProduceCall {

    static final String NO_TRANSACTIONS = "Transactions are not supported by this cluster.";

    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final short FIRST_VERSION_WITH_STORAGE_ERROR = 4;

    private final ProduceRequest request;
    private final ProduceMetrics metrics;
    private final List<Part> parts = new ArrayList<>();
    private final CompletableFuture<KafkaResponse> answer = new CompletableFuture<>();

    /// Parts without an answer, and one for the loop that appends them.
    private final AtomicInteger unanswered = new AtomicInteger(1);

    ProduceCall(ProduceRequest request, ProduceMetrics metrics) {
        this.request = request;
        this.metrics = metrics;
        for (TopicProduceData topic : request.data().topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                parts.add(new Part(topic, partition));
            }
        }
    }

    List<Part> parts() {
        return parts;
    }

    CompletionStage<KafkaResponse> answer() {
        return answer;
    }

    /// Sends what was found good to its owner; called once, in the connection's order.
    void append(BiFunction<PartitionId, RecordBatch, Uni<AppendOutcome>> store) {
        for (Part part : parts) {
            if (part.isReady()) {
                unanswered.incrementAndGet();
                part.append(store);
            }
        }
        partAnswered();
    }

    /// The request cannot be appended: nothing of it is.
    void fail(Throwable failure) {
        for (Part part : parts) {
            if (part.response == null) {
                part.fail(failure);
            }
        }
    }

    private void partAnswered() {
        if (unanswered.decrementAndGet() == 0) {
            answer.complete(response());
        }
    }

    private KafkaResponse response() {
        if (request.acks() == 0) {
            return unacknowledged();
        }
        ProduceResponseData data = new ProduceResponseData();
        Iterator<Part> answered = parts.iterator();
        for (TopicProduceData topic : request.data().topicData()) {
            TopicProduceResponse topicResponse =
                    new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
            for (int i = 0; i < topic.partitionData().size(); i++) {
                topicResponse.partitionResponses().add(Objects.requireNonNull(answered.next().response));
            }
            data.responses().add(topicResponse);
        }
        return new KafkaResponse.Answer(new ProduceResponse(data));
    }

    /// A producer that wants no answer learns of an error by losing its connection, and then looks at the cluster anew.
    private KafkaResponse unacknowledged() {
        for (Part part : parts) {
            short errorCode = Objects.requireNonNull(part.response).errorCode();
            if (errorCode != Errors.NONE.code()) {
                return new KafkaResponse.Disconnect("Produce with acks=0 failed with " + Errors.forCode(errorCode));
            }
        }
        return new KafkaResponse.Silence();
    }

    /// What one partition gets of the request, and what becomes of it.
    final class Part {

        private final TopicProduceData topic;
        private final PartitionProduceData data;
        private @Nullable RecordBatch batch;
        private @Nullable PartitionId partitionId;

        /// Written before [#unanswered] is counted down, read after it has reached zero.
        private @Nullable PartitionProduceResponse response;

        private Part(TopicProduceData topic, PartitionProduceData data) {
            this.topic = topic;
            this.data = data;
        }

        boolean isById() {
            return request.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        }

        Uuid topicId() {
            return topic.topicId();
        }

        String topicName() {
            return topic.name();
        }

        int partition() {
            return data.index();
        }

        RecordBatch batch() {
            return Objects.requireNonNull(batch);
        }

        /// Finds the one batch in the records.
        ///
        /// @return what is wrong with them
        Optional<String> open() {
            String request = "Produce requests with version " + ProduceCall.this.request.version();
            BaseRecords records = data.records();
            if (!(records instanceof MemoryRecords memory) || memory.sizeInBytes() == 0) {
                return Optional.of(request + " must have at least one record batch per partition");
            }
            ByteBuffer bytes = memory.buffer();
            if (bytes.remaining() < RecordBatch.HEADER_BYTES) {
                return Optional.of("Found fewer bytes than a record batch has: " + bytes.remaining());
            }
            if (bytes.get(bytes.position() + 16) != 2) {
                return Optional.of(request + " are only allowed to contain record batches with magic version 2");
            }
            long length = (long) bytes.getInt(bytes.position() + 8) + RecordBatch.LOG_OVERHEAD_BYTES;
            if (length != bytes.remaining()) {
                return Optional.of(
                        length > bytes.remaining() || length < RecordBatch.HEADER_BYTES
                                ? "The record batch says it has " + length + " bytes, but there are "
                                        + bytes.remaining()
                                : request + " are only allowed to contain exactly one record batch per partition");
            }
            batch = RecordBatch.view(bytes);
            return Optional.empty();
        }

        void take(PartitionId owner, Validation validation) {
            switch (validation) {
                case Validation.Valid valid -> {
                    batch = valid.batch();
                    partitionId = owner;
                }
                case Validation.Rejected rejected -> {
                    metrics.rejected(rejected.refusal());
                    fail(KafkaErrors.of(rejected.refusal()), rejected.message());
                    Objects.requireNonNull(response).setRecordErrors(recordErrors(rejected));
                }
            }
        }

        void failUnknownTopic() {
            Errors error = isById() ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            fail(error, error.message());
        }

        /// The batch could not be checked, through no fault of its own; it is not appended.
        void fail(Throwable failure) {
            Errors error = KafkaErrors.of(failure);
            fail(error, error.message());
        }

        void fail(Errors error, @Nullable String message) {
            boolean isTooNew =
                    error == Errors.KAFKA_STORAGE_ERROR && request.version() < FIRST_VERSION_WITH_STORAGE_ERROR;
            response = new PartitionProduceResponse()
                    .setIndex(data.index())
                    .setErrorCode((isTooNew ? Errors.NOT_LEADER_OR_FOLLOWER : error).code())
                    .setErrorMessage(message)
                    .setBaseOffset(ProduceResponse.INVALID_OFFSET)
                    .setLogStartOffset(ProduceResponse.INVALID_OFFSET);
        }

        private boolean isReady() {
            return response == null && partitionId != null;
        }

        private void append(BiFunction<PartitionId, RecordBatch, Uni<AppendOutcome>> store) {
            RecordBatch ready = batch();
            metrics.sent(ready);
            long sentNanos = metrics.nanoTime();
            store.apply(Objects.requireNonNull(partitionId), ready)
                    .subscribe()
                    .with(
                            outcome -> {
                                metrics.answered(outcome, sentNanos);
                                answered(outcome);
                            },
                            failure -> {
                                fail(KafkaErrors.ofUnknownFate(), "It is not known whether the batch was written.");
                                partAnswered();
                            });
        }

        private void answered(AppendOutcome outcome) {
            switch (outcome) {
                case AppendOutcome.Appended appended ->
                    succeed(appended.baseOffset(), appended.logStartOffset(), appended.logAppendTimeMillis());
                case AppendOutcome.Duplicate duplicate ->
                    succeed(duplicate.baseOffset(), duplicate.logStartOffset(), -1);
                case AppendOutcome.Refused refused -> {
                    metrics.rejected(refused.refusal());
                    boolean isGone = refused.refusal() == Refusal.UNKNOWN_TOPIC && isById();
                    fail(isGone ? Errors.UNKNOWN_TOPIC_ID : KafkaErrors.of(refused.refusal()), refused.message());
                }
                case AppendOutcome.Unknown unknown -> fail(KafkaErrors.ofUnknownFate(), unknown.message());
            }
            partAnswered();
        }

        private void succeed(long baseOffset, long logStartOffset, long logAppendTimeMillis) {
            response = new PartitionProduceResponse()
                    .setIndex(data.index())
                    .setBaseOffset(baseOffset)
                    .setLogStartOffset(logStartOffset)
                    .setLogAppendTimeMs(logAppendTimeMillis);
        }

        private static List<BatchIndexAndErrorMessage> recordErrors(Validation.Rejected rejected) {
            return rejected.recordProblems().stream()
                    .map(problem -> new BatchIndexAndErrorMessage()
                            .setBatchIndex(problem.index())
                            .setBatchIndexErrorMessage(problem.message()))
                    .toList();
        }
    }
}
