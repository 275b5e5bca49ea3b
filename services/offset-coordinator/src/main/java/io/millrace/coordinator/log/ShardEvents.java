package io.millrace.coordinator.log;

/// What the owner of a shard hears of its log.
///
/// Threads: any, one call at a time per tenure, in order; must not block.
public interface ShardEvents {

    /// Everything before `endSequence` is durable and may be answered.
    void durable(long endSequence);

    /// One put has become durable.
    void putCompleted(long nanos, int byteCount);

    /// The tenure is over: memory may be ahead of the store, the shard must be unloaded and loaded again. Said once.
    void lost(String why);

    /// A piece of the tail was folded.
    void folded(int batchCount);
}
