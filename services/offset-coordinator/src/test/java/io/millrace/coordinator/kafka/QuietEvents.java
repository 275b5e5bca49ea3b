package io.millrace.coordinator.kafka;

/// Hears everything and says nothing.
final class QuietEvents implements CoordinatorEvents {

    @Override
    public void shardLoaded(int shard, ShardPhase.Serving serving) {}

    @Override
    public void offsetsLeftOut(int shard, int count) {}

    @Override
    public void shardLost(int shard, String why) {}

    @Override
    public void loadFailed(int shard, Throwable cause) {}

    @Override
    public void putCompleted(long nanos, int byteCount) {}

    @Override
    public void folded(int batchCount) {}

    @Override
    public void groupConfigUnreadable(String group, RuntimeException cause) {}
}
