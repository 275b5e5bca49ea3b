package io.millrace.partition;

import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.TopicNames;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The topics, and what else was configured, as the durable entries made them.
///
/// Threads: the commit thread.
final class CatalogState {

    private final Map<TopicId, Topic> topics = new HashMap<>();
    /// By the form of the name that colliding names share.
    private final Map<String, Topic> byUnifiedName = new HashMap<>();
    private final Map<Resource, Map<String, String>> resources = new HashMap<>();
    private long version;
    private long nextProducerId;
    private int partitionCount;

    @Nullable
    Topic find(TopicId topicId) {
        return topics.get(topicId);
    }

    /// The topic with this name or with one that collides with it.
    @Nullable
    Topic findUnified(String name) {
        return byUnifiedName.get(TopicNames.unified(name));
    }

    Collection<Topic> topics() {
        return topics.values();
    }

    /// What was set, for those for which something was.
    Map<Resource, Map<String, String>> resources() {
        return Collections.unmodifiableMap(resources);
    }

    int partitionCount() {
        return partitionCount;
    }

    long version() {
        return version;
    }

    long nextProducerId() {
        return nextProducerId;
    }

    /// Stores a new or changed topic.
    ///
    /// @return what it was before
    @Nullable
    Topic put(Topic topic) {
        Topic before = topics.put(topic.id(), topic);
        byUnifiedName.put(TopicNames.unified(topic.name()), topic);
        partitionCount += topic.partitionCount() - (before == null ? 0 : before.partitionCount());
        version++;
        return before;
    }

    @Nullable
    Topic remove(TopicId topicId) {
        Topic before = topics.remove(topicId);
        if (before != null) {
            byUnifiedName.remove(TopicNames.unified(before.name()));
            partitionCount -= before.partitionCount();
            version++;
        }
        return before;
    }

    void put(Resource resource, Map<String, String> configs) {
        if (configs.isEmpty()) {
            resources.remove(resource);
        } else {
            resources.put(resource, Map.copyOf(configs));
        }
        version++;
    }

    void giveProducerIds(long firstId, int count) {
        nextProducerId = Math.max(nextProducerId, firstId + count);
    }

    void restore(long restoredVersion, long restoredNextProducerId) {
        version = restoredVersion;
        nextProducerId = restoredNextProducerId;
    }

    Catalog snapshot(String clusterId, int ownerEpoch) {
        return Catalog.of(clusterId, ownerEpoch, version, topics.values(), resources);
    }
}
