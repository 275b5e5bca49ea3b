package io.millrace.ingest.kafka;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

/// Answers IncrementalAlterConfigs: each configuration is set, removed, or changed as a list.
///
/// Source: KIP-339.
final class IncrementalAlterConfigsHandler implements RequestHandler {

    private final ConfigAlterations alterations;

    IncrementalAlterConfigsHandler(ConfigAlterations alterations) {
        this.alterations = alterations;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        IncrementalAlterConfigsRequestData asked = ((IncrementalAlterConfigsRequest) request.body()).data();
        List<AlterConfigsResource> resources = List.copyOf(asked.resources());
        Command.Mode mode = asked.validateOnly() ? Command.Mode.VALIDATE_ONLY : Command.Mode.EXECUTE;
        return alterations
                .alter(
                        resources.stream()
                                .map(IncrementalAlterConfigsHandler::wanted)
                                .toList(),
                        mode)
                .map(errors -> response(resources, errors));
    }

    private static ConfigAlterations.Wanted wanted(AlterConfigsResource resource) {
        Set<String> names = new HashSet<>();
        List<ConfigChange> changes = new ArrayList<>();
        Optional<ApiError> problem = Optional.empty();
        for (AlterableConfig config : resource.configs()) {
            Optional<Operation> operation = operation(config);
            if (!names.add(config.name())) {
                problem = invalid("Error due to duplicate config keys");
            } else if (operation.isEmpty()) {
                problem = invalid("Unknown operation " + config.configOperation());
            } else if (config.value() == null && operation.get() != Operation.DELETE) {
                problem = invalid("Null value not supported for : " + config.name());
            } else {
                changes.add(new ConfigChange(
                        config.name(), operation.get(), Objects.requireNonNullElse(config.value(), "")));
            }
        }
        return new ConfigAlterations.Wanted(
                new ConfigResource(ConfigResource.Type.forId(resource.resourceType()), resource.resourceName()),
                changes,
                problem);
    }

    private static Optional<Operation> operation(AlterableConfig config) {
        return switch (OpType.forId(config.configOperation())) {
            case SET -> Optional.of(Operation.SET);
            case DELETE -> Optional.of(Operation.DELETE);
            case APPEND -> Optional.of(Operation.APPEND);
            case SUBTRACT -> Optional.of(Operation.SUBTRACT);
            case null -> Optional.empty();
        };
    }

    private static Optional<ApiError> invalid(String message) {
        return Optional.of(new ApiError(Errors.INVALID_REQUEST, message));
    }

    private static KafkaResponse response(List<AlterConfigsResource> resources, List<ApiError> errors) {
        IncrementalAlterConfigsResponseData data = new IncrementalAlterConfigsResponseData();
        for (int i = 0; i < resources.size(); i++) {
            ApiError error = errors.get(i);
            data.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null)
                            .setResourceType(resources.get(i).resourceType())
                            .setResourceName(resources.get(i).resourceName()));
        }
        return new KafkaResponse.Answer(new IncrementalAlterConfigsResponse(data));
    }
}
