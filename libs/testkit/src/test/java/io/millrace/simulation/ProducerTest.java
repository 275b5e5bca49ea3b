package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The rules for idempotent producers, as Kafka has them.
final class ProducerTest {

    private final StoreRig rig = StoreRig.open(new SimulatedDisk(new SplittableRandom(4)));
    private final PartitionId partition =
            new PartitionId(rig.createTopic("t", 1).id(), 0);

    ProducerTest() throws IOException {}

    private static RecordBatch sent(int sequence) {
        return batch().fromProducer(7).withSequence(sequence).build();
    }

    @Test
    void theLastFiveBatchesAreKnownAgain() {
        for (int i = 0; i < 6; i++) {
            assertThat(rig.append(partition, sent(i))).isEqualTo(new AppendOutcome.Appended(i, 0, -1));
        }

        assertThat(rig.append(partition, sent(1))).isEqualTo(new AppendOutcome.Duplicate(1, 0));
        assertThat(rig.append(partition, sent(5))).isEqualTo(new AppendOutcome.Duplicate(5, 0));
        assertThat(refusalOf(sent(0))).isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void anUnknownProducerMayBeginAnywhere() {
        assertThat(rig.append(partition, sent(42))).isEqualTo(new AppendOutcome.Appended(0, 0, -1));
        assertThat(refusalOf(sent(44))).isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void sequencesWrapToZero() {
        rig.append(
                partition,
                batch().fromProducer(7)
                        .withSequence(Integer.MAX_VALUE - 1)
                        .withRecords(2)
                        .build());

        assertThat(rig.append(partition, sent(0))).isEqualTo(new AppendOutcome.Appended(2, 0, -1));
    }

    @Test
    void aSequenceMayWrapInsideABatch() {
        rig.append(
                partition,
                batch().fromProducer(7)
                        .withSequence(Integer.MAX_VALUE)
                        .withRecords(3)
                        .build());

        assertThat(rig.append(partition, sent(2))).isEqualTo(new AppendOutcome.Appended(3, 0, -1));
    }

    @Test
    void aNewEpochBeginsAtZeroAndFencesTheOldOne() {
        rig.append(partition, sent(0));

        assertThat(refusalOf(
                        batch().fromProducer(7).withEpoch(1).withSequence(1).build()))
                .isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE);
        assertThat(rig.append(partition, batch().fromProducer(7).withEpoch(1).build()))
                .isEqualTo(new AppendOutcome.Appended(1, 0, -1));
        assertThat(refusalOf(sent(1))).isEqualTo(Refusal.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void anIdleProducerIsForgottenByTheTimeOfRounds() {
        rig.append(partition, sent(0));
        rig.clock().advance(Duration.ofDays(1));

        assertThat(rig.append(partition, sent(9))).isEqualTo(new AppendOutcome.Appended(1, 0, -1));
    }

    private Refusal refusalOf(RecordBatch refused) {
        return ((AppendOutcome.Refused) rig.append(partition, refused)).refusal();
    }
}
