package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// Changes of configurations, of whatever clients may configure; a node's settings cannot be changed while it runs, and
/// the answer says so.
final class ConfigAlterations {

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;

    ConfigAlterations(TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store) {
        this.directory = directory;
        this.store = store;
    }

    /// What is to become of one resource.
    ///
    /// @param problem what is wrong with the request itself; then nothing is changed
    record Wanted(ConfigResource resource, List<ConfigChange> changes, Optional<ApiError> problem) {
        Wanted {
            changes = List.copyOf(changes);
        }
    }

    /// What became of each, in the order of the list.
    Uni<List<ApiError>> alter(List<Wanted> all, Command.Mode mode) {
        List<String> topicNames = all.stream()
                .filter(each -> each.resource().type() == ConfigResource.Type.TOPIC)
                .map(each -> each.resource().name())
                .toList();
        return NamedTopics.find(directory, topicNames).chain(topics -> {
            Set<ConfigResource> seen = new HashSet<>();
            List<Uni<ApiError>> results = new ArrayList<>();
            for (Wanted each : all) {
                boolean isFirst = seen.add(each.resource());
                results.add(
                        isFirst
                                ? alter(each, topics, mode)
                                : error(Errors.INVALID_REQUEST, "Error due to duplicate config resources"));
            }
            return CommandErrors.all(results);
        });
    }

    private Uni<ApiError> alter(Wanted wanted, NamedTopics topics, Command.Mode mode) {
        if (wanted.problem().isPresent()) {
            return Uni.createFrom().item(wanted.problem().get());
        }
        String name = wanted.resource().name();
        return switch (wanted.resource().type()) {
            case TOPIC -> {
                Optional<Topic> topic = topics.topic(name);
                yield topic.isEmpty()
                        ? Uni.createFrom().item(new ApiError(topics.error(name)))
                        : execute(new Command.AlterTopicConfigs(topic.get().id(), wanted.changes(), mode));
            }
            case GROUP ->
                execute(new Command.AlterResource(new Resource(Resource.Kind.GROUP, name), wanted.changes(), mode));
            case CLIENT_METRICS ->
                execute(new Command.AlterResource(
                        new Resource(Resource.Kind.CLIENT_METRICS, name), wanted.changes(), mode));
            case BROKER, BROKER_LOGGER ->
                error(
                        Errors.INVALID_REQUEST,
                        "The settings and log levels of a node are read when it starts: they cannot be altered.");
            case UNKNOWN -> error(Errors.INVALID_REQUEST, "Unknown resource type.");
        };
    }

    private Uni<ApiError> execute(Command command) {
        return store.apply(command).map(CommandErrors::of);
    }

    private static Uni<ApiError> error(Errors error, String message) {
        return Uni.createFrom().item(new ApiError(error, message));
    }
}
