package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.journal.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/// What a group has committed.
public final class Committed {

    private Committed() {}

    public static Map<TopicPartition, Long> of(Admin admin, String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Await.value(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    /// Waits until exactly what was acknowledged is committed.
    static void awaitAll(Admin admin, String group, List<Entry> acknowledged) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        acknowledged.forEach(entry -> ends.merge(
                new TopicPartition(entry.place().topic(), entry.place().partition()),
                entry.place().offset() + 1,
                Math::max));
        Awaitility.await("everything is committed by " + group)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(of(admin, group)).isEqualTo(ends));
    }
}
