package io.millrace.model;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// All topics, and what else clients configured, at one version of the catalog.
///
/// Threads: immutable.
///
/// @param clusterId given by the first start of wal-store; a service that has seen another one refuses to go on
/// @param ownerEpoch the incarnation of the shard's owner, which is every partition's leader epoch
/// @param resources what was set, for those for which something was
/// @param version grows with each change; within one owner epoch no version has two contents
public record Catalog(
        String clusterId,
        int ownerEpoch,
        long version,
        PersistentMap<TopicId, Topic> topics,
        PersistentMap<String, TopicId> ids,
        PersistentMap<Resource, Map<String, String>> resources) {

    public static Catalog of(String clusterId, int ownerEpoch, long version, Collection<Topic> topics) {
        return of(clusterId, ownerEpoch, version, topics, Map.of());
    }

    public static Catalog of(
            String clusterId,
            int ownerEpoch,
            long version,
            Collection<Topic> topics,
            Map<Resource, Map<String, String>> resources) {
        Catalog catalog = new Catalog(
                clusterId, ownerEpoch, version, PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());
        for (Topic topic : topics) {
            catalog = catalog.with(version, topic);
        }
        for (Map.Entry<Resource, Map<String, String>> each : resources.entrySet()) {
            catalog = catalog.with(version, each.getKey(), each.getValue());
        }
        return catalog;
    }

    /// With a topic that is new or changed.
    public Catalog with(long newVersion, Topic topic) {
        return new Catalog(
                clusterId,
                ownerEpoch,
                newVersion,
                topics.with(topic.id(), topic),
                ids.with(topic.name(), topic.id()),
                resources);
    }

    public Catalog without(long newVersion, TopicId topicId) {
        Topic topic = topics.get(topicId);
        return new Catalog(
                clusterId,
                ownerEpoch,
                newVersion,
                topics.without(topicId),
                topic == null ? ids : ids.without(topic.name()),
                resources);
    }

    /// With what is set for a resource from now on.
    public Catalog with(long newVersion, Resource resource, Map<String, String> configs) {
        return new Catalog(
                clusterId,
                ownerEpoch,
                newVersion,
                topics,
                ids,
                configs.isEmpty() ? resources.without(resource) : resources.with(resource, Map.copyOf(configs)));
    }

    public Catalog ownedBy(int newOwnerEpoch) {
        return new Catalog(clusterId, newOwnerEpoch, version, topics, ids, resources);
    }

    public Optional<Topic> topic(TopicId id) {
        return Optional.ofNullable(topics.get(id));
    }

    public Optional<Topic> topic(String name) {
        return Optional.ofNullable(ids.get(name)).flatMap(this::topic);
    }

    /// What was set for the resource; empty if nothing was.
    public Map<String, String> configs(Resource resource) {
        return resources.getOrDefault(resource, Map.of());
    }
}
