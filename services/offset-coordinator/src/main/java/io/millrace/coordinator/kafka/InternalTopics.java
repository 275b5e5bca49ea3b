package io.millrace.coordinator.kafka;

import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;

/// Creates the topics that Streams groups need, through wal-store's catalog, and remembers for a while which could not
/// be created and why: members are told with their heartbeats.
///
/// Nobody waits for it. A group goes on when the catalog shows the topics.
///
/// Threads: any; never blocks. Source: KIP-1071.
final class InternalTopics {

    /// Bounds of what is remembered.
    ///
    /// @param countMax topics that are being created or could not be; beyond it, creation waits for a heartbeat
    /// @param memory how long a failure is told, and not tried again
    record Bounds(int countMax, Duration memory) {}

    private final Function<Command, Uni<CommandOutcome>> store;
    private final LongSupplier nanoClock;
    private final Bounds bounds;
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

    InternalTopics(Function<Command, Uni<CommandOutcome>> store, LongSupplier nanoClock, Bounds bounds) {
        this.store = store;
        this.nanoClock = nanoClock;
        this.bounds = bounds;
    }

    /// One try to create a topic.
    ///
    /// @param failure empty while it is under way
    private record Attempt(long sinceNanos, Optional<String> failure) {}

    void create(Collection<CreatableTopic> topics) {
        forgetOld();
        for (CreatableTopic topic : topics) {
            Attempt attempt = new Attempt(nanoClock.getAsLong(), Optional.empty());
            if (attempts.size() < bounds.countMax() && attempts.putIfAbsent(topic.name(), attempt) == null) {
                create(topic);
            }
        }
    }

    private void forgetOld() {
        long nowNanos = nanoClock.getAsLong();
        attempts.values()
                .removeIf(attempt -> attempt.failure().isPresent()
                        && nowNanos - attempt.sinceNanos() >= bounds.memory().toNanos());
    }

    private void create(CreatableTopic topic) {
        Map<String, String> configs = topic.configs().stream()
                .filter(config -> config.value() != null)
                .collect(Collectors.toMap(
                        CreatableTopicConfig::name, CreatableTopicConfig::value, (_, later) -> later, TreeMap::new));
        Command command = new Command.CreateTopic(
                topic.name(), topic.numPartitions(), topic.replicationFactor(), configs, Command.Mode.EXECUTE);
        var _ = store.apply(command)
                .subscribe()
                .with(
                        outcome -> ended(topic.name(), failure(outcome)),
                        failure -> ended(topic.name(), Optional.of(String.valueOf(failure.getMessage()))));
    }

    private static Optional<String> failure(CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.Refused refused when refused.refusal() == Refusal.TOPIC_EXISTS -> Optional.empty();
            case CommandOutcome.Refused refused -> Optional.of(refused.message());
            case CommandOutcome.Unknown unknown -> Optional.of(unknown.message());
            case CommandOutcome.TopicStored _,
                    CommandOutcome.TopicDeleted _,
                    CommandOutcome.ResourceStored _,
                    CommandOutcome.RecordsDeleted _,
                    CommandOutcome.ProducersDescribed _,
                    CommandOutcome.ProducerIds _ -> Optional.empty();
        };
    }

    private void ended(String name, Optional<String> failure) {
        if (failure.isPresent()) {
            attempts.put(name, new Attempt(nanoClock.getAsLong(), failure));
        } else {
            attempts.remove(name);
        }
    }

    /// Which of these could not be created lately, and why.
    Map<String, String> failures(Collection<String> names) {
        Map<String, String> failures = new TreeMap<>();
        for (String name : names) {
            Optional.ofNullable(attempts.get(name))
                    .flatMap(Attempt::failure)
                    .ifPresent(failure -> failures.put(name, failure));
        }
        return failures;
    }
}
