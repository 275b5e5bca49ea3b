package io.millrace.coordinator.log;

/// Whether a batch was taken into the log; durable it is only when [ShardEvents#durable] says so.
public sealed interface Admission {

    /// Taken; the put is under way.
    ///
    /// @param endSequence the sequence after the batch's last record
    record Accepted(long endSequence) implements Admission {}

    /// The store does not keep up; nothing was taken, later it may be.
    record Busy(String why) implements Admission {}

    /// This owner has lost the shard; nothing was taken.
    record Resigned() implements Admission {}
}
