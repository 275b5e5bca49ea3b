package io.millrace.walstore;

import io.millrace.store.LogStore;

/// How far this instance is in owning its shard.
///
/// Threads: immutable.
sealed interface OwnerState {

    /// Not begun.
    record Waiting() implements OwnerState {}

    /// This ordinal owns no shard: it has no log and must not make one.
    record WithoutShard(String message) implements OwnerState {}

    /// The log is being read.
    ///
    /// @param changedAtNanos when there was progress last
    record Recovering(long bytesDone, long bytesTotal, long changedAtNanos) implements OwnerState {}

    /// The log is open; reads and writes are served.
    record Serving(LogStore store) implements OwnerState {}

    /// Nothing is accepted any more; what was accepted is being finished.
    record Stopping(LogStore store) implements OwnerState {}

    /// The log is closed, in order or not.
    record Stopped(String message) implements OwnerState {}
}
