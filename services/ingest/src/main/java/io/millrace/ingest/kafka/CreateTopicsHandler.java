package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicConfigEntries;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;

/// Answers CreateTopics; what is legal is decided by the owner of the catalog.
///
/// A manual assignment of partitions to nodes is turned down: where data lies is wal-store's affair, and accepting an
/// assignment without keeping it would be a lie.
///
/// Source: Kafka protocol, CreateTopics; KIP-464 (defaults), KIP-525 (configurations in the answer).
final class CreateTopicsHandler implements RequestHandler {

    private final Function<Command, Uni<CommandOutcome>> store;

    CreateTopicsHandler(Function<Command, Uni<CommandOutcome>> store) {
        this.store = store;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        CreateTopicsRequestData asked = ((CreateTopicsRequest) request.body()).data();
        Set<String> names = new HashSet<>();
        Set<String> duplicates = new HashSet<>();
        asked.topics().forEach(topic -> {
            if (!names.add(topic.name())) {
                duplicates.add(topic.name());
            }
        });
        List<Uni<CreatableTopicResult>> results = new ArrayList<>();
        for (CreatableTopic topic : asked.topics()) {
            if (!duplicates.contains(topic.name())) {
                results.add(create(topic, asked));
            }
        }
        // A name that comes twice is answered once, as in Kafka.
        for (String duplicate : duplicates) {
            results.add(Uni.createFrom()
                    .item(failed(duplicate, new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name."))));
        }
        return CommandErrors.all(results).map(CreateTopicsHandler::response);
    }

    private static KafkaResponse response(List<CreatableTopicResult> results) {
        CreateTopicsResponseData data = new CreateTopicsResponseData();
        results.forEach(data.topics()::add);
        return new KafkaResponse.Answer(new CreateTopicsResponse(data));
    }

    private Uni<CreatableTopicResult> create(CreatableTopic topic, CreateTopicsRequestData asked) {
        Optional<ApiError> problem = problem(topic);
        if (problem.isPresent()) {
            return Uni.createFrom().item(failed(topic.name(), problem.get()));
        }
        Map<String, String> configs = new HashMap<>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        Command command = new Command.CreateTopic(
                topic.name(),
                topic.numPartitions(),
                topic.replicationFactor(),
                configs,
                asked.validateOnly() ? Command.Mode.VALIDATE_ONLY : Command.Mode.EXECUTE);
        return CommandErrors.within(asked.timeoutMs(), store.apply(command))
                .map(outcome -> result(topic, outcome, asked.validateOnly()));
    }

    private static Optional<ApiError> problem(CreatableTopic topic) {
        if (!topic.assignments().isEmpty()) {
            return Optional.of(
                    topic.numPartitions() != -1 || topic.replicationFactor() != -1
                            ? new ApiError(
                                    Errors.INVALID_REQUEST,
                                    "A manual partition assignment was specified, but numPartitions or "
                                            + "replicationFactor was not set to -1.")
                            : new ApiError(
                                    Errors.INVALID_REPLICA_ASSIGNMENT,
                                    "This cluster places partitions itself: create the topic with a number of "
                                            + "partitions instead of a manual assignment."));
        }
        for (CreatableTopicConfig config : topic.configs()) {
            if (config.value() == null) {
                return Optional.of(new ApiError(
                        Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + config.name()));
            }
        }
        return Optional.empty();
    }

    private static CreatableTopicResult result(CreatableTopic asked, CommandOutcome outcome, boolean validateOnly) {
        if (!(outcome instanceof CommandOutcome.TopicStored(Topic topic))) {
            return failed(asked.name(), CommandErrors.of(outcome));
        }
        CreatableTopicResult result = new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(validateOnly ? Uuid.ZERO_UUID : Uuids.of(topic.id()))
                .setNumPartitions(topic.partitionCount())
                .setReplicationFactor((short) 1);
        TopicConfigEntries.of(topic)
                .forEach(entry -> result.configs()
                        .add(new CreatableTopicConfigs()
                                .setName(entry.name())
                                .setValue(entry.value())
                                .setConfigSource(entry.configSource())));
        return result;
    }

    private static CreatableTopicResult failed(String name, ApiError error) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.messageWithFallback())
                .setConfigs(List.of())
                .setTopicConfigErrorCode(Errors.NONE.code());
    }
}
