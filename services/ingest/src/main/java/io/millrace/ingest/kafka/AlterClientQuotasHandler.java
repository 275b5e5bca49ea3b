package io.millrace.ingest.kafka;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.millrace.model.CommandOutcome;
import io.millrace.model.QuotaEntity;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.ApiError;

/// Answers AlterClientQuotas; quotas that Millrace would not enforce are refused.
///
/// Source: KIP-546.
final class AlterClientQuotasHandler implements RequestHandler {

    private final Function<Command, Uni<CommandOutcome>> store;

    AlterClientQuotasHandler(Function<Command, Uni<CommandOutcome>> store) {
        this.store = store;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        AlterClientQuotasRequestData asked = ((AlterClientQuotasRequest) request.body()).data();
        Command.Mode mode = asked.validateOnly() ? Command.Mode.VALIDATE_ONLY : Command.Mode.EXECUTE;
        Set<QuotaEntity> seen = new HashSet<>();
        List<Uni<ApiError>> results = new ArrayList<>();
        for (EntryData entry : asked.entries()) {
            Optional<ApiError> problem = problem(entry)
                    .or(() -> seen.add(entity(entry)) ? Optional.empty() : invalid("Ignoring duplicate entity"));
            results.add(problem.map(each -> Uni.createFrom().item(each)).orElseGet(() -> alter(entry, mode)));
        }
        return CommandErrors.all(results).map(errors -> response(asked.entries(), errors));
    }

    private Uni<ApiError> alter(EntryData entry, Command.Mode mode) {
        Resource resource =
                new Resource(Resource.Kind.CLIENT_QUOTA, entity(entry).resourceName());
        List<ConfigChange> changes = entry.ops().stream()
                .map(op -> new ConfigChange(
                        op.key(), op.remove() ? Operation.DELETE : Operation.SET, Double.toString(op.value())))
                .toList();
        return store.apply(new Command.AlterResource(resource, changes, mode)).map(CommandErrors::of);
    }

    private static Optional<ApiError> problem(EntryData entry) {
        if (entry.entity().isEmpty()) {
            return invalid("Invalid empty client quota entity");
        }
        Set<String> types = new HashSet<>();
        for (EntityData entity : entry.entity()) {
            String type = entity.entityType();
            if (!types.add(type)) {
                return invalid("Invalid client quota entity, duplicate entity entry " + type);
            }
            if (!type.equals("user") && !type.equals("client-id")) {
                return invalid(
                        type.equals("ip")
                                ? "Quotas by address are not enforced here, and so cannot be set."
                                : "Unhandled client quota entity type: " + type);
            }
            if (entity.entityName() != null && entity.entityName().isEmpty()) {
                return invalid("Empty " + type + " not supported");
            }
        }
        return operationProblem(entry);
    }

    private static Optional<ApiError> operationProblem(EntryData entry) {
        Set<String> keys = new HashSet<>();
        for (OpData op : entry.ops()) {
            if (!keys.add(op.key())) {
                return invalid("Duplicate quota key " + op.key());
            }
            if (ResourceConfigs.find(Resource.Kind.CLIENT_QUOTA, op.key()).isEmpty()) {
                return invalid("Invalid configuration key " + op.key() + ": it is not enforced here.");
            }
            if (!op.remove() && !(op.value() > 0)) {
                return invalid("Quota " + op.key() + " must be greater than 0");
            }
            if (!op.remove() && op.value() != Math.rint(op.value())) {
                return invalid(op.key() + " cannot be a fractional value.");
            }
        }
        return Optional.empty();
    }

    private static QuotaEntity entity(EntryData entry) {
        Map<String, Optional<String>> names = new TreeMap<>();
        entry.entity().forEach(each -> names.put(each.entityType(), Optional.ofNullable(each.entityName())));
        return new QuotaEntity(names);
    }

    private static Optional<ApiError> invalid(String message) {
        return Optional.of(new ApiError(Errors.INVALID_REQUEST, message));
    }

    private static KafkaResponse response(List<EntryData> entries, List<ApiError> errors) {
        AlterClientQuotasResponseData data = new AlterClientQuotasResponseData();
        for (int i = 0; i < entries.size(); i++) {
            ApiError error = errors.get(i);
            data.entries()
                    .add(new AlterClientQuotasResponseData.EntryData()
                            .setEntity(entries.get(i).entity().stream()
                                    .map(each -> new AlterClientQuotasResponseData.EntityData()
                                            .setEntityType(each.entityType())
                                            .setEntityName(each.entityName()))
                                    .toList())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null));
        }
        return new KafkaResponse.Answer(new AlterClientQuotasResponse(data));
    }
}
