package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The topics that one request names, those that exist.
///
/// Threads: immutable.
record KnownTopics(Map<String, Topic> byName, Map<TopicId, Topic> byId) {

    KnownTopics {
        byName = Map.copyOf(byName);
        byId = Map.copyOf(byId);
    }

    Optional<Topic> topic(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<Topic> topic(TopicId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /// Those that a catalog has.
    ///
    /// @param wanted which of them
    static KnownTopics in(Catalog catalog, TopicNames asked, Predicate<Topic> wanted) {
        Stream<Optional<Topic>> named = asked.names().stream().map(catalog::topic);
        Stream<Optional<Topic>> withIds = asked.ids().stream().map(catalog::topic);
        return of(Stream.concat(named, withIds)
                .flatMap(Optional::stream)
                .filter(wanted)
                .toList());
    }

    /// Looks in memory, and asks wal-store only for what is missing there.
    ///
    /// Errors: fails if wal-store does not answer, so that "unknown" stays a fact.
    static Uni<KnownTopics> find(TopicDirectory directory, TopicNames asked) {
        Catalog catalog = directory.catalog();
        List<Uni<Optional<Topic>>> missing = new ArrayList<>();
        List<Topic> found = new ArrayList<>();
        for (String name : asked.names()) {
            catalog.topic(name).ifPresentOrElse(found::add, () -> missing.add(directory.find(name)));
        }
        for (TopicId id : asked.ids()) {
            catalog.topic(id).ifPresentOrElse(found::add, () -> missing.add(directory.find(id)));
        }
        if (missing.isEmpty()) {
            return Uni.createFrom().item(of(found));
        }
        return Uni.join().all(missing).andFailFast().map(answers -> {
            answers.forEach(topic -> topic.ifPresent(found::add));
            return of(found);
        });
    }

    /// What is asked for and not among them.
    TopicNames missing(TopicNames asked) {
        return asked.without(new TopicNames(byName.keySet(), byId.keySet()));
    }

    private static KnownTopics of(List<Topic> topics) {
        Map<String, Topic> byName = new HashMap<>();
        Map<TopicId, Topic> byId = new HashMap<>();
        for (Topic topic : topics) {
            byName.put(topic.name(), topic);
            byId.put(topic.id(), topic);
        }
        return new KnownTopics(byName, byId);
    }
}
