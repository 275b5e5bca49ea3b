package io.millrace.coordinator.log;

/// Where one entry of a [GroupStore] lives; the shard is part of the name so that a shard can be read alone.
///
/// Threads: immutable.
record Slot(Table table, int shard, String name) {

    private static final int SEQUENCE_DIGITS = 19;

    static Slot batch(int shard, long firstSequence) {
        String digits = Long.toString(firstSequence);
        return new Slot(Table.BATCHES, shard, "0".repeat(SEQUENCE_DIGITS - digits.length()) + digits);
    }

    static Slot entry(int shard, RecordKey key) {
        return new Slot(Table.ENTRIES, shard, key.name());
    }

    static Slot state(int shard) {
        return new Slot(Table.SHARDS, shard, "state");
    }

    static Slot identity() {
        return new Slot(Table.SHARDS, 0, "identity");
    }
}
