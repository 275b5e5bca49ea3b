package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.MemoryGroupLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GroupAdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CoordinatorRig node = CoordinatorRig.start(
            new MemoryGroupLog(new MemoryGroupLog.Medium(), EmbeddedCoordinator::readBatch, System::nanoTime, PATIENCE),
            CATALOG,
            Map.of("offset.metadata.max.bytes", "10"));

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void offsetsAreSetAllOrNoneAlsoIfTheMetadataOfOneIsTooLong() {
        CommittedOffset fits = new CommittedOffset("orders", 0, 7, "0123456789");
        CommittedOffset tooLong = new CommittedOffset("orders", 1, 8, "0123456789a");

        GroupAnswer<List<CommittedOffset>> refused = reset(List.of(fits, tooLong));
        long afterwards = node.fetch("readers", 0);
        GroupAnswer<List<CommittedOffset>> given = reset(List.of(fits));

        assertThat(refused)
                .isEqualTo(GroupAnswer.refused(
                        Errors.OFFSET_METADATA_TOO_LARGE, Errors.OFFSET_METADATA_TOO_LARGE.message()));
        assertThat(afterwards).isEqualTo(-1);
        assertThat(given).isEqualTo(new GroupAnswer.Given<>(List.of(fits)));
        assertThat(node.fetch("readers", 0)).isEqualTo(7);
    }

    private GroupAnswer<List<CommittedOffset>> reset(List<CommittedOffset> offsets) {
        return new GroupAdmin(node.coordinator())
                .reset("readers", offsets, CATALOG)
                .await()
                .atMost(PATIENCE);
    }
}
