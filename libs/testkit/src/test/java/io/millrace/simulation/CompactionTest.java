package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.RecordBatch;
import io.millrace.sealed.SealOptions;
import io.millrace.testkit.BatchBuilder;
import io.millrace.testkit.PlainRecords;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Compaction through the whole store: what a tombstone deleted stays deleted when the tombstone is gone.
final class CompactionTest {

    private static final SealOptions SEALING =
            new SealOptions(1, 2, 100_000, 100_000, 4_000, 6, 1_000, Long.MAX_VALUE, 2_000);
    /// A piece of a pass, then a pause.
    private static final SealOptions SLOW = new SealOptions(1, 2, 100_000, 100_000, 4_000, 6, 1_000, 2_000_000, 2_000);

    /// How often the rig's store looks what is to be compacted.
    private static final Duration CHECK = Duration.ofSeconds(10);

    /// More than the rig's map takes.
    private static final int MANY_KEYS = 100;

    private StoreRig rig = opened(new SimulatedDisk(new SplittableRandom(5)), SEALING);
    private PartitionId compacted = create(
            "compacted",
            Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0", "delete.retention.ms", "60000"));
    private PartitionId other = create("other", Map.of());

    CompactionTest() throws IOException {}

    private static StoreRig opened(SimulatedDisk disk, SealOptions sealing) throws IOException {
        return StoreRig.open(disk, StoreRig.smallOptions(sealing, 300_000), new SimulatedClock(1_700_000_000_000L), 1);
    }

    private PartitionId create(String name, Map<String, String> configs) {
        return new PartitionId(rig.createTopic(name, 1, configs).id(), 0);
    }

    private void append(PartitionId partition, BatchBuilder builder) {
        assertThat(rig.append(partition, builder.build())).isInstanceOf(AppendOutcome.Appended.class);
    }

    /// A value, so that the partition has something new and another last batch.
    private void appendAnother() {
        append(compacted, batch().withKeyed(rig.clock().millis(), "another", "v"));
    }

    /// Seals and compacts all that was appended; longer than tombstones stay.
    private void compact() {
        for (int i = 0; i < 12; i++) {
            append(other, batch().withValueBytes(50_000));
        }
        for (int i = 0; i < 20; i++) {
            rig.clock().advance(CHECK);
            rig.keepUp();
        }
    }

    private List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        List<RecordBatch> batches = batches(0);
        while (!batches.isEmpty()) {
            for (RecordBatch each : batches) {
                PlainRecords.of(each).forEach(record -> keys.add(String.valueOf(record.key())));
            }
            batches = batches(batches.getLast().endOffset());
        }
        return keys;
    }

    private List<RecordBatch> batches(long fromOffset) throws IOException {
        return ((ReadOutcome.Batches) rig.read(compacted, fromOffset)).batches();
    }

    @Test
    void whatABatchOfMoreKeysThanTheMapTakesDeletesStaysDeleted() throws IOException {
        BatchBuilder values = batch();
        BatchBuilder tombstones = batch();
        for (int i = 0; i < MANY_KEYS; i++) {
            values.withKeyed(rig.clock().millis(), "key-" + i, "v");
            tombstones.withTombstone(rig.clock().millis(), "key-" + i);
        }
        append(compacted, values);
        append(compacted, tombstones);

        for (int i = 0; i < 3; i++) {
            appendAnother();
            compact();
        }

        assertThat(keys()).containsExactly("another");
        assertThat(rig.events().compactionCount()).isGreaterThan(3);
    }

    @Test
    void whatTheLastBatchDeletesStaysDeleted() throws IOException {
        append(
                compacted,
                batch().withKeyed(rig.clock().millis(), "key", "v")
                        .withTombstone(rig.clock().millis(), "key"));

        for (int i = 0; i < 3; i++) {
            compact();
            appendAnother();
        }
        compact();

        assertThat(keys()).containsExactly("another");
    }

    @Test
    void theLogIsSealedWhileALargePartitionIsCompacted() throws IOException {
        rig = opened(new SimulatedDisk(new SplittableRandom(5)), SLOW);
        compacted = create("large", Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0"));
        other = create("other", Map.of());
        for (int i = 0; i < 40; i++) {
            append(compacted, batch().withKeyed(rig.clock().millis(), "key-" + i % 3, "v".repeat(60_000)));
        }
        keepUpUntil(() -> rig.store().status().sealing().passBytesTotal() > 2_000_000);
        long sealedBefore = rig.store().status().sealing().sealedPosition();

        for (int i = 0; i < 12; i++) {
            append(other, batch().withValueBytes(50_000));
        }
        keepUpUntil(() -> rig.store().status().sealing().sealedPosition() > sealedBefore);
        int compactionsBefore = rig.events().compactionCount();
        keepUpUntil(() -> rig.events().compactionCount() > 0);

        assertThat(compactionsBefore).isZero();
        assertThat(keys()).containsOnly("key-0", "key-1", "key-2").hasSizeLessThan(20);
        assertThat(((ReadOutcome.Batches) rig.read(other, 11)).batches()).isNotEmpty();
    }

    /// The log is due, too, but what compaction frees is nearer.
    @Test
    void onATightDiskCompactionGoesOn() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(6));
        rig = opened(disk, SLOW);
        compacted = create("large", Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0"));
        other = create("other", Map.of());
        for (int i = 0; i < 40; i++) {
            append(compacted, batch().withKeyed(rig.clock().millis(), "key-" + i % 3, "v".repeat(60_000)));
        }
        keepUpUntil(() -> rig.store().status().sealing().passBytesTotal() > 2_000_000);
        for (int i = 0; i < 12; i++) {
            append(other, batch().withValueBytes(50_000));
            rig.store().upkeep();
        }
        disk.limitCapacity(disk.usedBytes() + 2_500_000);

        keepUpUntil(() -> rig.events().compactionCount() > 0);

        assertThat(keys()).containsOnly("key-0", "key-1", "key-2").hasSizeLessThan(20);
    }

    private void keepUpUntil(BooleanSupplier condition) {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            rig.clock().advance(Duration.ofMillis(100));
            rig.store().upkeep();
            rig.commitAll();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void theLastOffsetStaysWhenItsRecordGoes() throws IOException {
        append(compacted, batch().withRecord(rig.clock().millis(), "a value without a key"));

        compact();

        assertThat(keys()).isEmpty();
        assertThat(batches(0).getLast().endOffset()).isEqualTo(1);
    }
}
