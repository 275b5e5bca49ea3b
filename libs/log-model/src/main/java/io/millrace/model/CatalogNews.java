package io.millrace.model;

/// One frame of the catalog feed: the whole catalog first, then each change.
///
/// Threads: immutable.
public sealed interface CatalogNews {

    record Snapshot(Catalog catalog) implements CatalogNews {}

    /// A topic was created or changed.
    record TopicChanged(long version, Topic topic) implements CatalogNews {}

    record TopicDeleted(long version, TopicId topicId) implements CatalogNews {}
}
