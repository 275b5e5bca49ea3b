package io.millrace.model;

import java.util.Collection;
import java.util.HashMap;
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
        Map<TopicId, Topic> topics,
        Map<String, TopicId> ids,
        Map<Resource, Map<String, String>> resources) {

    public static Catalog of(String clusterId, int ownerEpoch, long version, Collection<Topic> topics) {
        return of(clusterId, ownerEpoch, version, topics, Map.of());
    }

    public static Catalog of(
            String clusterId,
            int ownerEpoch,
            long version,
            Collection<Topic> topics,
            Map<Resource, Map<String, String>> resources) {
        Map<TopicId, Topic> byId = new HashMap<>();
        Map<String, TopicId> byName = new HashMap<>();
        for (Topic topic : topics) {
            byId.put(topic.id(), topic);
            byName.put(topic.name(), topic.id());
        }
        return new Catalog(clusterId, ownerEpoch, version, byId, byName, resources);
    }

    public Catalog {
        topics = Map.copyOf(topics);
        ids = Map.copyOf(ids);
        resources = Map.copyOf(resources);
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
