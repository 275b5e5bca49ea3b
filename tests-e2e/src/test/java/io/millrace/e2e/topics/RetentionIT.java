package io.millrace.e2e.topics;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.journal.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Retention set while a topic is in use: its beginning goes, the rest stays, and no restart brings anything back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RetentionIT {
    private static final int RECORDS = 400;
    private static final int RECORD_BYTES_MAX = 200_000;
    private static final long KEPT_BYTES = 8L << 20;

    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("retention")
            .with("millrace.wal-store.segment-size", "8M")
            .with("millrace.wal-store.round-size-max", "1M")
            .with("millrace.wal-store.batch-size-max", "2M")
            // Nothing is sealed: then it is known which segments become free.
            .with("millrace.wal-store.seal-segments-min", "1000")
            .with("millrace.wal-store.retention-check-interval", "300ms"));

    private final Clients clients = new Clients(cluster.bootstrap());

    @AutoClose
    private final Admin admin = clients.admin();

    @Test
    void theOldestBytesGoAndTheirSegmentsAreFreed() {
        TopicPartition partition = new TopicPartition("retained-bytes", 0);
        clients.createTopic(partition.topic(), 1);
        List<Entry> acknowledged = produce(partition.topic());
        int segments = segmentCount();

        alter(partition, "retention.bytes", Long.toString(KEPT_BYTES));
        long start = awaitStartAfter(partition, 0);

        assertThat(start).isLessThan(RECORDS);
        List<Entry> kept = acknowledged.subList((int) start, RECORDS);
        assertReads(partition, kept);
        long bytes = given().get(cluster.rest(Service.WAL_STORE) + "/api/v1/wal/topics/" + partition.topic())
                .jsonPath()
                .getLong("partitions[0].bytes");
        assertThat(bytes).isBetween(KEPT_BYTES, KEPT_BYTES + KEPT_BYTES / 2);
        Awaitility.await("segments are freed")
                .atMost(Duration.ofSeconds(30))
                .until(() -> segmentCount() <= segments - 3);

        cluster.kill(Service.WAL_STORE);
        cluster.start(Service.WAL_STORE);
        assertThat(earliest(partition)).isEqualTo(start);
        assertReads(partition, kept);
    }

    private void assertReads(TopicPartition partition, List<Entry> kept) {
        assertThat(new Reading(clients).journal(partition.topic()))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("nanos")
                .isEqualTo(kept);
    }

    private int segmentCount() {
        return given().get(cluster.rest(Service.WAL_STORE) + "/api/v1/wal")
                .jsonPath()
                .getList("segments")
                .size();
    }

    @Test
    void oldRecordsGoAndNewOnesFollowAtTheSameOffsets() {
        TopicPartition partition = new TopicPartition("retained-time", 0);
        clients.createTopic(partition.topic(), 1);
        assertThat(produce(partition.topic())).hasSize(RECORDS);

        alter(partition, "retention.ms", "1000");
        assertThat(awaitStartAfter(partition, RECORDS - 1)).isEqualTo(RECORDS);
        alter(partition, "retention.ms", "-1");
        cluster.kill();
        cluster.start();

        assertThat(earliest(partition)).isEqualTo(RECORDS);
        assertThat(new Reading(clients).journal(partition.topic())).isEmpty();
        assertThatThrownBy(() -> poll(partition, RECORDS / 2)).isInstanceOf(OffsetOutOfRangeException.class);
        assertThat(produce(partition.topic()).getFirst().place().offset()).isEqualTo(RECORDS);
        assertThat(new Reading(clients).journal(partition.topic())).hasSize(RECORDS);
    }

    private void poll(TopicPartition partition, long offset) {
        try (var consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            consumer.poll(Duration.ofSeconds(30));
        }
    }

    private List<Entry> produce(String topic) {
        try (Load load = new Load("of-" + topic + System.nanoTime(), clients.producer(), new Random(1))) {
            for (int i = 0; i < RECORDS; i++) {
                load.send(topic, 0, RECORD_BYTES_MAX);
            }
            load.flush();
            assertThat(load.failures()).isEmpty();
            return load.journal().entries();
        }
    }

    private void alter(TopicPartition partition, String name, String value) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, partition.topic());
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        Await.value(admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all());
    }

    private long awaitStartAfter(TopicPartition partition, long offset) {
        return Awaitility.await("the beginning of " + partition + " goes")
                .atMost(Duration.ofSeconds(30))
                .until(() -> earliest(partition), start -> start > offset);
    }

    private long earliest(TopicPartition partition) {
        return Await.value(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                        .partitionResult(partition))
                .offset();
    }
}
