package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// The account must show each kind of fault, or a correct run proves nothing.
final class TrackerTest {
    private static final long RUN = 7;
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Tracker tracker = new Tracker(RUN, 1, Map.of(PARTITION, 10L));
    private final Ledger ledger = tracker.ledger(0);

    private void acknowledged(int count) {
        for (int i = 0; i < count; i++) {
            ledger.acknowledge(ledger.next());
        }
    }

    private boolean received(long offset, long sequence) {
        return tracker.receive(PARTITION, offset, Optional.of(new Stamp(RUN, 0, sequence, 0)));
    }

    @Test
    void everythingOnceAndInOrderIsCorrect() {
        acknowledged(3);

        assertThat(received(10, 0) && received(11, 1) && received(12, 2)).isTrue();
        assertThat(tracker.result()).isEqualTo(new Tracker.Result(3, 3, 0, 3, 0, 0, 0, 0, 0));
        assertThat(tracker.result().isCorrect()).isTrue();
    }

    @Test
    void aLostRecordIsSeen() {
        acknowledged(3);
        received(10, 0);
        received(11, 2);

        assertThat(tracker.result().lost()).isOne();
        assertThat(tracker.result().isCorrect()).isFalse();
    }

    @Test
    void aRecordThatIsStoredTwiceIsSeen() {
        acknowledged(1);
        received(10, 0);

        assertThat(received(11, 0)).isFalse();
        assertThat(tracker.result().duplicated()).isOne();
        assertThat(tracker.result().isCorrect()).isFalse();
    }

    @Test
    void aRecordThatAGroupIsGivenAgainIsNoDuplicate() {
        acknowledged(1);
        received(10, 0);

        assertThat(received(10, 0)).isFalse();
        assertThat(tracker.result().deliveredAgain()).isOne();
        assertThat(tracker.result().isCorrect()).isTrue();
    }

    @Test
    void aChangedOrderIsSeen() {
        acknowledged(2);
        received(10, 1);
        received(11, 0);

        assertThat(tracker.result().reordered()).isOne();
        assertThat(tracker.result().isCorrect()).isFalse();
    }

    @Test
    void aSkippedOffsetIsSeen() {
        acknowledged(1);
        received(11, 0);

        assertThat(tracker.result().skipped()).isOne();
        assertThat(tracker.result().isCorrect()).isFalse();
    }

    @Test
    void recordsOfOthersCountForNothingButTheirOffsets() {
        acknowledged(1);
        tracker.receive(PARTITION, 10, Optional.empty());
        tracker.receive(PARTITION, 11, Optional.of(new Stamp(RUN + 1, 0, 0, 0)));
        received(12, 0);

        assertThat(tracker.result().received()).isOne();
        assertThat(tracker.result().isCorrect()).isTrue();
    }

    @Test
    void whatAProducerGaveUpIsNotLost() {
        ledger.next();
        ledger.fail();

        assertThat(tracker.result().failed()).isOne();
        assertThat(tracker.result().isCorrect()).isTrue();
    }
}
