package io.millrace.coordinator.log;

import java.util.concurrent.CompletableFuture;

/// One owner's time with one shard.
///
/// Threads: `append` by one thread at a time (the coordinator's shard lock); the rest any.
/// Errors: after a batch that failed, met another owner or never became durable, nothing later is reported durable; see
/// [ShardEvents#lost].
public interface ShardTenure {

    int shard();

    /// Higher than that of every owner before.
    int epoch();

    /// Takes a batch; [ShardEvents#durable] says when it counts.
    ///
    /// @param bytes at most [GroupLog#batchBytesMax]; kept and not copied, so nobody may write into them
    /// @param count of sequences that it takes, at least one
    Admission append(byte[] bytes, int count);

    /// Whether no other owner has taken the shard over until now. Who answers from memory asks after it has looked: an
    /// owner that was paused would otherwise tell what others have changed meanwhile.
    ///
    /// Errors: fails when that cannot be known.
    CompletableFuture<Boolean> isCurrent();

    /// Ends the tenure from the owner's side, without a word to [ShardEvents].
    void resign();

    TenureStatus status();
}
