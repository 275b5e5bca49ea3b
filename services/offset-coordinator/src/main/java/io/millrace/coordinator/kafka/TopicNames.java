package io.millrace.coordinator.kafka;

import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.util.HashSet;
import java.util.Set;

/// The topics that a request asks for, by name or by id.
///
/// Threads: immutable.
record TopicNames(Set<String> names, Set<TopicId> ids) {

    TopicNames {
        names = Set.copyOf(names);
        ids = Set.copyOf(ids);
    }

    boolean isEmpty() {
        return names.isEmpty() && ids.isEmpty();
    }

    boolean has(Topic topic) {
        return names.contains(topic.name()) || ids.contains(topic.id());
    }

    TopicNames without(TopicNames others) {
        Set<String> leftNames = new HashSet<>(names);
        leftNames.removeAll(others.names);
        Set<TopicId> leftIds = new HashSet<>(ids);
        leftIds.removeAll(others.ids);
        return new TopicNames(leftNames, leftIds);
    }
}
