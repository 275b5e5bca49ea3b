package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class GroupWriterTest {

    private static final TopicPartition SHARD = ShardSupervisor.partition(3);

    /// What it may split it then splits so that it can be stored.
    @Test
    void theRuntimeIsToldOfNoLargerBatchesThanCanBeStored() {
        assertThat(new GroupWriter(100_000).config(SHARD).maxMessageSize()).isEqualTo(100_000);
        assertThat(new GroupWriter(4_000_000).config(SHARD).maxMessageSize()).isEqualTo(1_048_588);
    }
}
