package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
import io.millrace.store.ScrubStatus.State;
import io.millrace.store.StoreStatus;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every byte of every file that counts, flipped one at a time: a scrub finds it wherever it means something.
final class ScrubFlipTest {

    private static final SealOptions SEALING =
            new SealOptions(1, 100, 1 << 20, 1 << 20, 300, 8, 1_000, Long.MAX_VALUE, 10_000);
    private static final int SEGMENT_HEADER_BYTES = 4_096;
    private static final int ROUND_ALIGNMENT = 4_096;
    private static final int ROUND_HEADER_BYTES = 80;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(4));
    private final StoreRig rig =
            StoreRig.open(disk, StoreRig.smallestOptions(SEALING, Long.MAX_VALUE), new SimulatedClock(1_000_000), 1);

    ScrubFlipTest() throws IOException {
        Topic kept = rig.createTopic("kept", 2);
        Topic bulk = rig.createTopic("bulk", 1);
        for (int i = 0; i < 8; i++) {
            append(kept, i % 2, "value " + i);
        }
        // Fills a segment, so that something is sealed, and then gets out of the way.
        while (rig.store().status().segments().size() < 2) {
            append(bulk, 0, "v".repeat(10_000));
        }
        rig.execute(new Command.DeleteTopic(bulk.id()));
        rig.keepUp();
        append(kept, 0, "value in a segment");
        assertThat(rig.store().status().sealing().files()).hasSize(1);
        assertThat(rig.store().status().segments()).hasSize(1);
    }

    private void append(Topic topic, int partition, String value) {
        rig.append(
                new PartitionId(topic.id(), partition),
                batch().withRecord(1_000, value).build());
    }

    @Test
    void inASealedFileItIsFound() throws IOException {
        String name = rig.store().status().sealing().files().getFirst().fileName();
        int bytes = disk.content(name).limit();

        assertThat(found(name, bytes).cardinality()).isEqualTo(bytes);
    }

    @Test
    void inASegmentItIsFoundUnlessItLiesBehindARound() throws IOException {
        StoreStatus.SegmentStatus segment = rig.store().status().segments().getFirst();
        int end = (int) (segment.endPosition() - segment.basePosition());
        ByteBuffer content = disk.content(segment.fileName());
        BitSet meaningful = new BitSet();
        meaningful.set(0, SEGMENT_HEADER_BYTES);
        for (int round = SEGMENT_HEADER_BYTES; round < end; round += content.getInt(round + 8)) {
            assertThat(round % ROUND_ALIGNMENT).isZero();
            meaningful.set(round, round + ROUND_HEADER_BYTES + content.getInt(round + 12));
        }

        assertThat(found(segment.fileName(), end)).isEqualTo(meaningful);
    }

    @Test
    void inASmallFileItIsFound() throws IOException {
        for (String name : new String[] {"cluster", "checkpoint"}) {
            int bytes = disk.content(name).limit();

            assertThat(found(name, bytes).cardinality()).isEqualTo(bytes);
        }
    }

    /// The bytes at which a flip is found.
    private BitSet found(String fileName, int bytes) throws IOException {
        assertThat(isDamageFound()).isFalse();
        BitSet found = new BitSet();
        for (int at = 0; at < bytes; at++) {
            disk.flip(fileName, at, 1 << at % Byte.SIZE);
            found.set(at, isDamageFound());
            disk.flip(fileName, at, 1 << at % Byte.SIZE);
        }
        return found;
    }

    private boolean isDamageFound() throws IOException {
        assertThat(rig.store().scrub().begin()).isTrue();
        while (rig.store().scrub().status().state() == State.RUNNING) {
            rig.store().scrub().step();
        }
        return rig.store().scrub().status().damageCount() > 0;
    }
}
