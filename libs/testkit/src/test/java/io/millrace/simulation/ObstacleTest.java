package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.sealed.SealOptions;
import io.millrace.store.StoreStatus;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is damaged in a sealed file is neither compacted nor packed; everything else is.
final class ObstacleTest {

    private static final SealOptions SEALING =
            new SealOptions(1, 100, 20_000, 150_000, 8_000, 8, 1_000, Long.MAX_VALUE, 10_000);
    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact,delete", "min.cleanable.dirty.ratio", "0");

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(4));
    private final StoreRig rig =
            StoreRig.open(disk, StoreRig.smallestOptions(SEALING, Long.MAX_VALUE), new SimulatedClock(1_000_000), 1);
    private final PartitionId damaged = partition("damaged");
    private final PartitionId whole = partition("whole");

    ObstacleTest() throws IOException {
        append();
        rig.keepUp();
        assertThat(rig.events().compactionCount()).isZero();
        String file = rig.store().status().sealing().files().stream()
                .map(StoreStatus.SealedFileStatus::fileName)
                .filter(name -> new String(disk.content(name).array(), StandardCharsets.ISO_8859_1).contains("dddd"))
                .findFirst()
                .orElseThrow();
        disk.flip(file, 1_000, 1);
        assertThat(isReadable(damaged)).isFalse();
        assertThat(isReadable(whole)).isTrue();
    }

    private PartitionId partition(String topic) {
        return new PartitionId(rig.createTopic(topic, 1, COMPACTED).id(), 0);
    }

    private void append() {
        for (int i = 0; i < 40; i++) {
            append(damaged, "d");
            append(whole, "w");
        }
    }

    private void append(PartitionId partition, String letter) {
        AppendOutcome outcome = rig.append(
                partition, batch().withKeyed(1_000, "key", letter.repeat(2_000)).build());
        assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
    }

    private boolean isReadable(PartitionId partition) {
        try {
            return rig.read(partition, 0) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /// Once what was appended is sealed.
    private void compact() {
        rig.keepUp();
        rig.clock().advance(Duration.ofSeconds(11));
        rig.commitAll();
        rig.keepUp();
        rig.keepUp();
    }

    @Test
    void theOtherPartitionsAreCompactedAndTheLogIsSealed() {
        compact();
        append();
        compact();

        assertThat(rig.events().compactionCount()).isEqualTo(2);
        assertThat(rig.events().notes()).containsOnlyOnce("sealing stopped");
        assertThat(rig.store().status().sealing().failure()).isPresent();
        assertThat(rig.store().status().segments()).hasSize(1);
        assertThat(isReadable(whole)).isTrue();
    }

    @Test
    void onceTheDamageIsDeletedItsPartitionIsCompactedAgain() {
        compact();
        long end = rig.store().watermarks(damaged).orElseThrow().highWatermark();
        assertThat(rig.execute(new Command.DeleteRecords(damaged, end)))
                .isInstanceOf(CommandOutcome.RecordsDeleted.class);
        append();
        compact();

        assertThat(rig.events().compactionCount()).isEqualTo(3);
        assertThat(rig.store().status().sealing().failure()).isEmpty();
    }
}
