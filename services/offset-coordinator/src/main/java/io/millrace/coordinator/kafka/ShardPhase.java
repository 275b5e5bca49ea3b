package io.millrace.coordinator.kafka;

/// Where a shard stands.
///
/// Threads: immutable.
public sealed interface ShardPhase {

    /// Nobody has asked for it yet.
    record Idle() implements ShardPhase {}

    /// A take-over is under way.
    record Loading() implements ShardPhase {}

    /// Its groups are answered.
    ///
    /// @param loadedEntries the size of its state when it was loaded
    record Serving(int epoch, int loadedEntries, long loadMillis) implements ShardPhase {}

    /// It is loaded again after a pause.
    record Failed(String why) implements ShardPhase {}
}
