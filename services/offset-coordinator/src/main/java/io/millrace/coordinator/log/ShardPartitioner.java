package io.millrace.coordinator.log;

import org.infinispan.distribution.ch.KeyPartitioner;

/// One segment per shard, so that a shard's entries are read without touching the others'.
///
/// Public because Infinispan makes instances by reflection.
public final class ShardPartitioner implements KeyPartitioner {

    @Override
    public int getSegment(Object key) {
        String name = (String) key;
        return Integer.parseInt(name, 0, name.indexOf(InfinispanGroupStore.SHARD_END), 10);
    }
}
