package io.millrace.kafka.handlers;

import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Creates a topic when a client asks about one that does not exist, if the cluster is configured to.
///
/// Clients of one instance that ask for the same name at the same time share one command; clients of several
/// instances race in wal-store, where one wins and the others are told that the topic is there. All get the same
/// topic.
///
/// Threads: any.
final class AutomaticTopics {

    /// What a client is told about a name.
    sealed interface Found {

        record Known(Topic topic) implements Found {}

        record Unknown() implements Found {}

        record Refused(Refusal refusal) implements Found {}

        /// Wal-store did not say; asking again is right.
        record NotNow() implements Found {}
    }

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;

    /// Commands on their way, by topic name; entries live as long as the command.
    private final ConcurrentHashMap<String, Uni<Found>> underWay = new ConcurrentHashMap<>();

    AutomaticTopics(TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store) {
        this.directory = directory;
        this.store = store;
    }

    /// Creates the topic with the cluster's defaults, or finds the one that somebody else created.
    Uni<Found> create(String name) {
        return underWay.computeIfAbsent(name, this::start);
    }

    private Uni<Found> start(String name) {
        return store.apply(new Command.CreateTopic(name, -1, -1, Map.of(), Command.Mode.EXECUTE))
                .chain(outcome -> found(name, outcome))
                .onTermination()
                .invoke(() -> underWay.remove(name))
                .memoize()
                .indefinitely();
    }

    private Uni<Found> found(String name, CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.TopicStored stored -> item(new Found.Known(stored.topic()));
            case CommandOutcome.Refused refused
            when refused.refusal() == Refusal.TOPIC_EXISTS ->
                directory.find(name).map(AutomaticTopics::existing);
            case CommandOutcome.Refused refused -> item(new Found.Refused(refused.refusal()));
            case CommandOutcome.Unknown ignored -> item(new Found.NotNow());
            case CommandOutcome.TopicDeleted other -> throw unexpected(other);
            case CommandOutcome.RecordsDeleted other -> throw unexpected(other);
            case CommandOutcome.ResourceStored other -> throw unexpected(other);
            case CommandOutcome.ProducersDescribed other -> throw unexpected(other);
            case CommandOutcome.ProducerIds other -> throw unexpected(other);
        };
    }

    /// The winner of a race is there; should it be deleted again in this moment, the client asks once more.
    private static Found existing(Optional<Topic> topic) {
        return topic.isPresent() ? new Found.Known(topic.get()) : new Found.NotNow();
    }

    private static Uni<Found> item(Found found) {
        return Uni.createFrom().item(found);
    }

    private static IllegalStateException unexpected(CommandOutcome outcome) {
        return new IllegalStateException("Broken invariant: creating a topic was answered with " + outcome);
    }
}
