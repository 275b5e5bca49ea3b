package io.millrace.coordinator.log;

import java.util.Optional;

/// The coordinator's shards as sequences of records that survive: take a shard over, load it, append to it.
///
/// It is the seam for replication. What an implementation promises is what its contract tests show: what was reported
/// durable is in every later load, in the order of the appends and whole batches only; a batch is in all later loads or
/// in none; what an owner appends after another has taken the shard over is never durable.
///
/// Two implementations: [LocalGroupLog] on this node's disk, and one in memory in the tests.
///
/// Threads: `takeOver` blocks and may run for several shards at once.
public interface GroupLog {

    /// Becomes the owner of a shard; an owner before it, here or elsewhere, learns of it at its next append.
    ///
    /// Errors: the shard is not owned, and may be taken over later.
    LoadedShard takeOver(int shard, ShardEvents events) throws GroupStoreException;

    /// The largest batch that may be appended to a shard.
    int batchBytesMax();

    /// Loses the shards of which an append has waited too long for anything to become durable, and tries
    /// again what failed in the background; call it every now and then.
    void keepUp();

    /// Empty if this log does not own the shard.
    Optional<TenureStatus> status(int shard);
}
