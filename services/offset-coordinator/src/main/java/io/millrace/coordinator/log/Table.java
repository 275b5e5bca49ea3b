package io.millrace.coordinator.log;

/// The three kinds of entries of a [GroupStore].
enum Table {
    BATCHES("group-batches"),
    ENTRIES("group-entries"),
    SHARDS("group-shards");

    private final String cacheName;

    Table(String cacheName) {
        this.cacheName = cacheName;
    }

    String cacheName() {
        return cacheName;
    }
}
