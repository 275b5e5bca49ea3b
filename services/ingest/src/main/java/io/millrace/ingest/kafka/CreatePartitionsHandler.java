package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;

/// Answers CreatePartitions; manual assignments are turned down, as in [CreateTopicsHandler]. Source: KIP-195.
final class CreatePartitionsHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;

    CreatePartitionsHandler(TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store) {
        this.directory = directory;
        this.store = store;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        CreatePartitionsRequestData asked = ((CreatePartitionsRequest) request.body()).data();
        Set<String> names = new HashSet<>();
        Set<String> duplicates = new HashSet<>();
        asked.topics().forEach(topic -> {
            if (!names.add(topic.name())) {
                duplicates.add(topic.name());
            }
        });
        return NamedTopics.find(directory, names).chain(topics -> create(asked, duplicates, topics));
    }

    private Uni<KafkaResponse> create(CreatePartitionsRequestData asked, Set<String> duplicates, NamedTopics topics) {
        List<Uni<CreatePartitionsTopicResult>> results = new ArrayList<>();
        for (CreatePartitionsTopic topic : asked.topics()) {
            if (!duplicates.contains(topic.name())) {
                results.add(create(topic, asked, topics));
            }
        }
        for (String duplicate : duplicates) {
            results.add(Uni.createFrom()
                    .item(result(duplicate, new ApiError(Errors.INVALID_REQUEST, "Duplicate topic in request."))));
        }
        return CommandErrors.all(results)
                .map(all -> new KafkaResponse.Answer(
                        new CreatePartitionsResponse(new CreatePartitionsResponseData().setResults(all))));
    }

    private Uni<CreatePartitionsTopicResult> create(
            CreatePartitionsTopic asked, CreatePartitionsRequestData request, NamedTopics topics) {
        Optional<Topic> topic = topics.topic(asked.name());
        if (topic.isEmpty()) {
            return Uni.createFrom().item(result(asked.name(), new ApiError(topics.error(asked.name()))));
        }
        if (asked.assignments() != null) {
            return Uni.createFrom()
                    .item(result(
                            asked.name(),
                            new ApiError(
                                    Errors.INVALID_REPLICA_ASSIGNMENT,
                                    "This cluster places partitions itself: leave out the manual assignment.")));
        }
        Command command = new Command.CreatePartitions(
                topic.get().id(),
                asked.count(),
                request.validateOnly() ? Command.Mode.VALIDATE_ONLY : Command.Mode.EXECUTE);
        return CommandErrors.within(request.timeoutMs(), store.apply(command))
                .map(outcome -> result(asked.name(), CommandErrors.of(outcome)));
    }

    private static CreatePartitionsTopicResult result(String name, ApiError error) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null);
    }
}
