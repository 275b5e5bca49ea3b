package io.millrace.partition;

import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.TopicNames;
import io.millrace.partition.CapturedState.CatalogPart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The topics, and what else was configured, as the durable entries made them.
///
/// Threads: the commit thread.
final class CatalogState {

    /// By the form of the name that colliding names share.
    private final Map<String, Topic> byUnifiedName = new HashMap<>();
    private final Map<TopicId, AppendRules> rules = new HashMap<>();
    private Catalog catalog;
    private long nextProducerId;
    private int partitionCount;

    CatalogState(String clusterId) {
        this.catalog = Catalog.of(clusterId, 0, 0, List.of());
    }

    /// As it is now; it does not change when this does.
    Catalog catalog() {
        return catalog;
    }

    @Nullable
    Topic find(TopicId topicId) {
        return catalog.topics().get(topicId);
    }

    /// Read out of the topic's configurations; null if there is no such topic.
    @Nullable
    AppendRules rules(TopicId topicId) {
        return rules.get(topicId);
    }

    /// The topic with this name or with one that collides with it.
    @Nullable
    Topic findUnified(String name) {
        return byUnifiedName.get(TopicNames.unified(name));
    }

    int partitionCount() {
        return partitionCount;
    }

    long nextProducerId() {
        return nextProducerId;
    }

    /// Stores a new or changed topic.
    ///
    /// @return what it was before
    @Nullable
    Topic put(Topic topic) {
        Topic before = find(topic.id());
        catalog = catalog.with(catalog.version() + 1, topic);
        byUnifiedName.put(TopicNames.unified(topic.name()), topic);
        rules.put(topic.id(), AppendRules.of(topic));
        partitionCount += topic.partitionCount() - (before == null ? 0 : before.partitionCount());
        return before;
    }

    @Nullable
    Topic remove(TopicId topicId) {
        Topic before = find(topicId);
        if (before != null) {
            catalog = catalog.without(catalog.version() + 1, topicId);
            byUnifiedName.remove(TopicNames.unified(before.name()));
            rules.remove(topicId);
            partitionCount -= before.partitionCount();
        }
        return before;
    }

    void put(Resource resource, Map<String, String> configs) {
        catalog = catalog.with(catalog.version() + 1, resource, configs);
    }

    void giveProducerIds(long firstId, int count) {
        nextProducerId = Math.max(nextProducerId, firstId + count);
    }

    void startOwner(int ownerEpoch) {
        catalog = catalog.ownedBy(ownerEpoch);
    }

    /// Fills an empty catalog.
    void restore(CatalogPart captured) {
        captured.topics().forEach(this::put);
        catalog = new Catalog(
                catalog.clusterId(),
                captured.ownerEpoch(),
                captured.version(),
                catalog.topics(),
                catalog.ids(),
                captured.resources());
        nextProducerId = captured.nextProducerId();
    }
}
