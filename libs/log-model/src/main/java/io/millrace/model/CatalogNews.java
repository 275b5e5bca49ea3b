package io.millrace.model;

import java.util.Map;

/// One frame of the catalog feed: the whole catalog first, then each change.
///
/// Threads: immutable.
public sealed interface CatalogNews {

    record Snapshot(Catalog catalog) implements CatalogNews {}

    /// A topic was created or changed.
    record TopicChanged(long version, Topic topic) implements CatalogNews {}

    record TopicDeleted(long version, TopicId topicId) implements CatalogNews {}

    /// What a resource is configured to now; nothing if it has no configuration any more.
    record ResourceChanged(long version, Resource resource, Map<String, String> configs) implements CatalogNews {
        public ResourceChanged {
            configs = Map.copyOf(configs);
        }
    }
}
