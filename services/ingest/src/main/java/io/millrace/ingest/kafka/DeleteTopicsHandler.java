package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;

/// Answers DeleteTopics, by name or by id.
///
/// Source: Kafka protocol, DeleteTopics; KIP-516.
final class DeleteTopicsHandler implements RequestHandler {

    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 6;

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;

    DeleteTopicsHandler(TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store) {
        this.directory = directory;
        this.store = store;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DeleteTopicsRequestData asked = ((DeleteTopicsRequest) request.body()).data();
        List<DeleteTopicState> topics = request.version() < FIRST_VERSION_WITH_TOPIC_IDS
                ? asked.topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name))
                        .toList()
                : asked.topics();
        Set<Object> seen = new HashSet<>();
        List<Uni<DeletableTopicResult>> results = new ArrayList<>();
        for (DeleteTopicState topic : topics) {
            results.add(delete(topic, seen, asked.timeoutMs()));
        }
        return CommandErrors.all(results).map(DeleteTopicsHandler::response);
    }

    private static KafkaResponse response(List<DeletableTopicResult> results) {
        DeleteTopicsResponseData data = new DeleteTopicsResponseData();
        results.forEach(data.responses()::add);
        return new KafkaResponse.Answer(new DeleteTopicsResponse(data));
    }

    private Uni<DeletableTopicResult> delete(DeleteTopicState asked, Set<Object> seen, int timeoutMillis) {
        boolean hasId = !Uuid.ZERO_UUID.equals(asked.topicId());
        boolean hasName = asked.name() != null;
        if (hasId == hasName) {
            return failed(
                    asked,
                    Errors.INVALID_REQUEST,
                    hasId
                            ? "You may not specify both topic name and topic id."
                            : "Neither topic name nor id were specified.");
        }
        if (!seen.add(hasId ? asked.topicId() : asked.name())) {
            return failed(asked, Errors.INVALID_REQUEST, hasId ? "Duplicate topic id." : "Duplicate topic name.");
        }
        Uni<Optional<Topic>> topic =
                hasId ? directory.find(Uuids.topicId(asked.topicId())) : directory.find(asked.name());
        Errors unknown = hasId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        return topic.chain(found -> found.isPresent()
                        ? delete(asked, found.get(), unknown, timeoutMillis)
                        : failed(asked, unknown, unknown.message()))
                .onFailure(StoreSilence.class)
                .recoverWithUni(() -> failed(asked, Errors.REQUEST_TIMED_OUT, Errors.REQUEST_TIMED_OUT.message()));
    }

    private Uni<DeletableTopicResult> delete(DeleteTopicState asked, Topic topic, Errors unknown, int timeoutMillis) {
        return CommandErrors.within(timeoutMillis, store.apply(new Command.DeleteTopic(topic.id())))
                .map(outcome -> {
                    boolean isGone = outcome instanceof CommandOutcome.Refused refused
                            && refused.refusal() == Refusal.UNKNOWN_TOPIC;
                    ApiError error = isGone ? new ApiError(unknown) : CommandErrors.of(outcome);
                    return result(asked, error).setName(topic.name()).setTopicId(Uuids.of(topic.id()));
                });
    }

    private static Uni<DeletableTopicResult> failed(DeleteTopicState asked, Errors error, String message) {
        return Uni.createFrom().item(result(asked, new ApiError(error, message)));
    }

    private static DeletableTopicResult result(DeleteTopicState asked, ApiError error) {
        return new DeletableTopicResult()
                .setName(asked.name())
                .setTopicId(asked.topicId())
                .setErrorCode(error.error().code())
                .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null);
    }
}
