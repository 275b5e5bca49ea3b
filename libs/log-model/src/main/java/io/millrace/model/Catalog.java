package io.millrace.model;

import java.util.Collection;
import java.util.Optional;

/// All topics at one version of the catalog.
///
/// Threads: immutable.
///
/// @param clusterId given by the first start of wal-store; a service that has seen another one refuses to go on
/// @param ownerEpoch the incarnation of the shard's owner, which is every partition's leader epoch
/// @param version grows with each change; within one owner epoch no version has two contents
public record Catalog(
        String clusterId,
        int ownerEpoch,
        long version,
        PersistentMap<TopicId, Topic> topics,
        PersistentMap<String, TopicId> ids) {

    public static Catalog of(String clusterId, int ownerEpoch, long version, Collection<Topic> topics) {
        Catalog catalog = new Catalog(clusterId, ownerEpoch, version, PersistentMap.empty(), PersistentMap.empty());
        for (Topic topic : topics) {
            catalog = catalog.with(version, topic);
        }
        return catalog;
    }

    /// With a topic that is new or changed.
    public Catalog with(long newVersion, Topic topic) {
        return new Catalog(
                clusterId, ownerEpoch, newVersion, topics.with(topic.id(), topic), ids.with(topic.name(), topic.id()));
    }

    public Catalog without(long newVersion, TopicId topicId) {
        Topic topic = topics.get(topicId);
        return new Catalog(
                clusterId,
                ownerEpoch,
                newVersion,
                topics.without(topicId),
                topic == null ? ids : ids.without(topic.name()));
    }

    public Catalog ownedBy(int newOwnerEpoch) {
        return new Catalog(clusterId, newOwnerEpoch, version, topics, ids);
    }

    public Optional<Topic> topic(TopicId id) {
        return Optional.ofNullable(topics.get(id));
    }

    public Optional<Topic> topic(String name) {
        return Optional.ofNullable(ids.get(name)).flatMap(this::topic);
    }
}
