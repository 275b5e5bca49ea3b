package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/// Answers IncrementalAlterConfigs for topics; a node's settings cannot be changed while it runs, and the answer says
/// so.
///
/// Source: KIP-339.
final class IncrementalAlterConfigsHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;

    IncrementalAlterConfigsHandler(TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store) {
        this.directory = directory;
        this.store = store;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        IncrementalAlterConfigsRequestData asked = ((IncrementalAlterConfigsRequest) request.body()).data();
        List<String> names = asked.resources().stream()
                .filter(IncrementalAlterConfigsHandler::isTopic)
                .map(AlterConfigsResource::resourceName)
                .toList();
        return NamedTopics.find(directory, names).chain(topics -> alter(asked, topics));
    }

    private Uni<KafkaResponse> alter(IncrementalAlterConfigsRequestData asked, NamedTopics topics) {
        Set<List<Object>> seen = new HashSet<>();
        List<Uni<AlterConfigsResourceResponse>> results = new ArrayList<>();
        for (AlterConfigsResource resource : asked.resources()) {
            boolean isFirst = seen.add(List.of(resource.resourceType(), resource.resourceName()));
            Uni<ApiError> error = isFirst
                    ? alter(resource, asked.validateOnly(), topics)
                    : error(Errors.INVALID_REQUEST, "Error due to duplicate config resources");
            results.add(error.map(result -> response(resource, result)));
        }
        return CommandErrors.all(results)
                .map(all -> new KafkaResponse.Answer(new IncrementalAlterConfigsResponse(
                        new IncrementalAlterConfigsResponseData().setResponses(all))));
    }

    private Uni<ApiError> alter(AlterConfigsResource resource, boolean validateOnly, NamedTopics topics) {
        if (!isTopic(resource)) {
            return error(
                    Errors.INVALID_REQUEST,
                    "Only configurations of topics can be altered, not of resource type " + resource.resourceType()
                            + ": a node's settings are read when it starts.");
        }
        Optional<Topic> topic = topics.topic(resource.resourceName());
        if (topic.isEmpty()) {
            return Uni.createFrom().item(new ApiError(topics.error(resource.resourceName())));
        }
        Set<String> names = new HashSet<>();
        List<ConfigChange> changes = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            if (!names.add(config.name())) {
                return error(Errors.INVALID_REQUEST, "Error due to duplicate config keys");
            }
            Operation operation = switch (OpType.forId(config.configOperation())) {
                case SET -> Operation.SET;
                case DELETE -> Operation.DELETE;
                case APPEND -> Operation.APPEND;
                case SUBTRACT -> Operation.SUBTRACT;
                case null -> null;
            };
            if (operation == null) {
                return error(Errors.INVALID_REQUEST, "Unknown operation " + config.configOperation());
            }
            if (config.value() == null && operation != Operation.DELETE) {
                return error(Errors.INVALID_REQUEST, "Null value not supported for : " + config.name());
            }
            changes.add(new ConfigChange(config.name(), operation, Objects.requireNonNullElse(config.value(), "")));
        }
        Command.Mode mode = validateOnly ? Command.Mode.VALIDATE_ONLY : Command.Mode.EXECUTE;
        return store.apply(new Command.AlterTopicConfigs(topic.get().id(), changes, mode))
                .map(CommandErrors::of);
    }

    private static boolean isTopic(AlterConfigsResource resource) {
        return resource.resourceType() == ConfigResource.Type.TOPIC.id();
    }

    private static Uni<ApiError> error(Errors error, String message) {
        return Uni.createFrom().item(new ApiError(error, message));
    }

    private static AlterConfigsResourceResponse response(AlterConfigsResource resource, ApiError error) {
        return new AlterConfigsResourceResponse()
                .setErrorCode(error.error().code())
                .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null)
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }
}
