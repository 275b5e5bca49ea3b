package io.millrace.coordinator.log;

/// The three kinds of entries of a [GroupStore].
enum Table {
    BATCHES("group-batches", 1),
    ENTRIES("group-entries", 2),
    SHARDS("group-shards", 3);

    private final String cacheName;
    private final int number;

    Table(String cacheName, int number) {
        this.cacheName = cacheName;
        this.number = number;
    }

    String cacheName() {
        return cacheName;
    }

    /// In the files, for ever.
    int number() {
        return number;
    }
}
