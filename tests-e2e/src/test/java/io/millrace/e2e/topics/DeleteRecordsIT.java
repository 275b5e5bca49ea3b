package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Entry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/// The log start offset moves up when it is told to, and never comes back.
///
/// Source: failure F29 (the log start offset was 0 again).
@WithCluster
final class DeleteRecordsIT {
    private static final int RECORDS = 100;

    private final MillraceCluster cluster;
    private final Clients clients;

    DeleteRecordsIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void theLogStartOffsetNeverGoesBack() {
        String name = "deleted-records";
        TopicPartition partition = new TopicPartition(name, 0);
        clients.createTopic(name, 1);
        List<Entry> acknowledged = produce(name);

        try (Admin admin = clients.admin()) {
            assertThat(delete(admin, partition, 30)).isEqualTo(30);
            assertThat(delete(admin, partition, 10)).isEqualTo(30);
            assertThat(earliest(admin, partition)).isEqualTo(30);
            assertThat(Await.failure(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(RECORDS + 1)))
                            .all()))
                    .isInstanceOf(OffsetOutOfRangeException.class);

            cluster.kill(Service.WAL_STORE);
            cluster.start(Service.WAL_STORE);
            assertThat(earliest(admin, partition)).isEqualTo(30);

            assertThat(delete(admin, partition, 60)).isEqualTo(60);
            cluster.kill();
            cluster.start();
            assertThat(earliest(admin, partition)).isEqualTo(60);
            assertThat(errorAt(name, 59)).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
            assertThat(errorAt(name, 60)).isEqualTo(Errors.NONE);
            List<Entry> read = new Reading(clients).journal(name);
            assertThat(read).hasSize(RECORDS - 60);
            assertThat(read.getFirst().value()).isEqualTo(acknowledged.get(60).value());

            assertThat(delete(admin, partition, -1)).isEqualTo(RECORDS);
            cluster.terminate(Service.WAL_STORE);
            cluster.start(Service.WAL_STORE);
            assertThat(earliest(admin, partition)).isEqualTo(RECORDS);
            assertThat(new Reading(clients).journal(name)).isEmpty();
        }
        assertThat(produce(name).getFirst().place().offset()).isEqualTo(RECORDS);
    }

    private List<Entry> produce(String name) {
        try (Load load = new Load("of-" + System.nanoTime(), clients.producer(), new Random(1))) {
            for (int i = 0; i < RECORDS; i++) {
                load.send(name, 0, 500);
            }
            load.flush();
            assertThat(load.failures()).isEmpty();
            return load.journal().entries();
        }
    }

    private Errors errorAt(String name, long offset) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            return Errors.forCode(RawTopic.find(connection, name)
                    .fetch(connection, Range.at(0, offset), 12)
                    .errorCode());
        }
    }

    private static long delete(Admin admin, TopicPartition partition, long before) {
        var deleted = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)));
        return Await.value(Objects.requireNonNull(deleted.lowWatermarks().get(partition)))
                .lowWatermark();
    }

    private static long earliest(Admin admin, TopicPartition partition) {
        return Await.value(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                        .partitionResult(partition))
                .offset();
    }
}
