package io.millrace.ingest.kafka;

import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.util.concurrent.ConcurrentHashMap;

/// The rules of the topics that records come for, parsed again when a topic changes.
///
/// Threads: any.
final class TopicRulesCache {

    private final ConcurrentHashMap<TopicId, TopicRules> rules = new ConcurrentHashMap<>();
    private final int topicsMax;

    /// @param topicsMax when so many are kept, all are forgotten: deleted topics must not stay for ever
    TopicRulesCache(int topicsMax) {
        this.topicsMax = topicsMax;
    }

    TopicRules of(Topic topic) {
        TopicRules known = rules.get(topic.id());
        if (known != null && isOf(known, topic)) {
            return known;
        }
        if (rules.size() >= topicsMax) {
            rules.clear();
        }
        TopicRules fresh = TopicRules.of(topic);
        rules.put(topic.id(), fresh);
        return fresh;
    }

    /// A new snapshot of the catalog brings equal topics that are other objects; a change brings unequal ones.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOf(TopicRules known, Topic topic) {
        return known.topic() == topic || known.topic().configs().equals(topic.configs());
    }
}
