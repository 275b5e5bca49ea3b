package io.millrace.ingest.kafka;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.millrace.model.ConfigDefinition;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import io.millrace.model.TopicConfigs;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/// Answers AlterConfigs, the old way: what is named is all that is set from now on, the rest returns to its default.
///
/// Source: KIP-133; deprecated by KIP-339, and still sent by old clients.
final class AlterConfigsHandler implements RequestHandler {

    private final ConfigAlterations alterations;

    AlterConfigsHandler(ConfigAlterations alterations) {
        this.alterations = alterations;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        AlterConfigsRequestData asked = ((AlterConfigsRequest) request.body()).data();
        List<AlterConfigsResource> resources = List.copyOf(asked.resources());
        Command.Mode mode = asked.validateOnly() ? Command.Mode.VALIDATE_ONLY : Command.Mode.EXECUTE;
        return alterations
                .alter(resources.stream().map(AlterConfigsHandler::wanted).toList(), mode)
                .map(errors -> response(resources, errors));
    }

    private static ConfigAlterations.Wanted wanted(AlterConfigsResource resource) {
        ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
        Map<String, ConfigChange> changes = new TreeMap<>();
        for (ConfigDefinition definition : definitions(type)) {
            changes.put(definition.name(), new ConfigChange(definition.name(), Operation.DELETE, ""));
        }
        Optional<ApiError> problem = Optional.empty();
        for (AlterableConfig config : resource.configs()) {
            if (config.value() == null) {
                problem = Optional.of(
                        new ApiError(Errors.INVALID_REQUEST, "Null value not supported for : " + config.name()));
            } else {
                changes.put(config.name(), new ConfigChange(config.name(), Operation.SET, config.value()));
            }
        }
        return new ConfigAlterations.Wanted(
                new ConfigResource(type, resource.resourceName()), new ArrayList<>(changes.values()), problem);
    }

    private static Collection<ConfigDefinition> definitions(ConfigResource.Type type) {
        return switch (type) {
            case TOPIC -> TopicConfigs.all();
            case GROUP -> ResourceConfigs.all(Resource.Kind.GROUP);
            case CLIENT_METRICS -> ResourceConfigs.all(Resource.Kind.CLIENT_METRICS);
            case BROKER, BROKER_LOGGER, UNKNOWN -> List.of();
        };
    }

    private static KafkaResponse response(List<AlterConfigsResource> resources, List<ApiError> errors) {
        AlterConfigsResponseData data = new AlterConfigsResponseData();
        for (int i = 0; i < resources.size(); i++) {
            ApiError error = errors.get(i);
            data.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null)
                            .setResourceType(resources.get(i).resourceType())
                            .setResourceName(resources.get(i).resourceName()));
        }
        return new KafkaResponse.Answer(new AlterConfigsResponse(data));
    }
}
