package io.millrace.model;

/// Asks the owner of a partition for one offset.
///
/// Source: Kafka protocol, ListOffsets and OffsetForLeaderEpoch; KIP-320, KIP-734.
public sealed interface OffsetQuery {

    PartitionId partitionId();

    /// The log start offset.
    record Earliest(PartitionId partitionId) implements OffsetQuery {}

    /// The end of what can be read.
    record Latest(PartitionId partitionId, IsolationLevel isolationLevel) implements OffsetQuery {}

    /// The offset of the record with the largest timestamp.
    record MaxTimestamp(PartitionId partitionId) implements OffsetQuery {}

    /// The first offset whose record has this timestamp (milliseconds) or a later one.
    record AtTimestamp(PartitionId partitionId, long timestampMillis) implements OffsetQuery {}

    /// The end of the largest epoch that is not later than this one.
    record EndOfEpoch(PartitionId partitionId, int leaderEpoch) implements OffsetQuery {}
}
