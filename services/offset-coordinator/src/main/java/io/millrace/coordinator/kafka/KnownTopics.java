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
import java.util.Set;

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

    /// Looks in memory, and asks wal-store only for what is missing there.
    ///
    /// Errors: fails if wal-store does not answer, so that "unknown" stays a fact.
    static Uni<KnownTopics> find(TopicDirectory directory, Set<String> names, Set<TopicId> ids) {
        Catalog catalog = directory.catalog();
        List<Uni<Optional<Topic>>> missing = new ArrayList<>();
        List<Topic> found = new ArrayList<>();
        for (String name : names) {
            catalog.topic(name).ifPresentOrElse(found::add, () -> missing.add(directory.find(name)));
        }
        for (TopicId id : ids) {
            catalog.topic(id).ifPresentOrElse(found::add, () -> missing.add(directory.find(id)));
        }
        if (missing.isEmpty()) {
            return Uni.createFrom().item(of(found));
        }
        return Uni.join().all(missing).andFailFast().map(asked -> {
            asked.forEach(topic -> topic.ifPresent(found::add));
            return of(found);
        });
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
