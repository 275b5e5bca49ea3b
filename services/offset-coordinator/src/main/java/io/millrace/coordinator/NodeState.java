package io.millrace.coordinator;

import io.millrace.coordinator.kafka.EmbeddedCoordinator;
import io.millrace.coordinator.log.GroupLog;

/// How far this instance is in coordinating groups.
///
/// Threads: immutable.
sealed interface NodeState {

    /// Not begun.
    record Starting() implements NodeState {}

    /// This ordinal has no shards, and must not make any of its own.
    record WithoutShards(String message) implements NodeState {}

    /// The store is open; the first catalog is awaited.
    record AwaitingCatalog(EmbeddedCoordinator coordinator, GroupLog log) implements NodeState {}

    /// The shards are being served, or loaded.
    record Serving(EmbeddedCoordinator coordinator, GroupLog log) implements NodeState {}

    /// The store does not belong to the cluster that wal-store serves.
    record Refused(String message) implements NodeState {}

    record Stopped() implements NodeState {}
}
