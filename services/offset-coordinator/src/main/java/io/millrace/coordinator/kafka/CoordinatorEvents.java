package io.millrace.coordinator.kafka;

/// What the service logs and measures of the embedded coordinator.
///
/// Threads: any; must not block.
public interface CoordinatorEvents {

    void shardLoaded(int shard, ShardPhase.Serving serving);

    /// So many offsets of a shard that was loaded are of topics that were deleted.
    void offsetsLeftOut(int shard, int count);

    void shardLost(int shard, String why);

    void loadFailed(int shard, Throwable cause);

    /// One batch is durable; see [ShardEvents#putCompleted].
    void putCompleted(long nanos, int byteCount);

    void folded(int batchCount);

    /// The group has the defaults from now on.
    void groupConfigUnreadable(String group, RuntimeException cause);
}
