package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/// The topics that a request names, looked up together; those in memory cost no call.
final class NamedTopics {

    private static final int LOOKUPS_AT_A_TIME = 16;

    private final Map<String, Topic> topics = new HashMap<>();
    private final Set<String> undecided = new HashSet<>();

    private NamedTopics() {}

    static Uni<NamedTopics> find(TopicDirectory directory, Collection<String> names) {
        NamedTopics found = new NamedTopics();
        List<Uni<Answer>> lookups = new ArrayList<>();
        for (String name : new HashSet<>(names)) {
            Optional<Topic> topic = directory.isReady() ? directory.catalog().topic(name) : Optional.empty();
            if (topic.isPresent()) {
                found.topics.put(name, topic.get());
            } else {
                lookups.add(directory
                        .find(name)
                        .map(answer -> new Answer(name, true, answer))
                        .onFailure(StoreSilence.class)
                        .recoverWithItem(() -> new Answer(name, false, Optional.empty())));
            }
        }
        if (lookups.isEmpty()) {
            return Uni.createFrom().item(found);
        }
        return Uni.join()
                .all(lookups)
                .usingConcurrencyOf(LOOKUPS_AT_A_TIME)
                .andCollectFailures()
                .map(found::with);
    }

    private record Answer(String name, boolean isDecided, Optional<Topic> topic) {}

    Optional<Topic> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /// Why there is no such topic: it does not exist, or nobody could say.
    Errors error(String name) {
        return undecided.contains(name) ? Errors.REQUEST_TIMED_OUT : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private NamedTopics with(List<Answer> answers) {
        for (Answer answer : answers) {
            answer.topic().ifPresent(topic -> topics.put(answer.name(), topic));
            if (!answer.isDecided()) {
                undecided.add(answer.name());
            }
        }
        return this;
    }
}
