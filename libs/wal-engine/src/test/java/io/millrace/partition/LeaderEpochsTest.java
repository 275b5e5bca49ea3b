package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.LeaderEpochs.EpochStart;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaderEpochsTest {

    private final LeaderEpochs epochs = new LeaderEpochs();

    @Test
    void anEpochStartsWithItsFirstBatchOnly() {
        epochs.apply(3, 0);
        epochs.apply(3, 5);
        epochs.apply(4, 9);
        epochs.apply(4, 12);

        assertThat(epochs.starts()).containsExactly(new EpochStart(3, 0), new EpochStart(4, 9));
    }

    @Test
    void anEpochThatIsKnownFromACheckpointDoesNotStartAgain() {
        epochs.restore(List.of(new EpochStart(3, 0)));

        epochs.apply(3, 5);
        epochs.apply(4, 9);

        assertThat(epochs.starts()).containsExactly(new EpochStart(3, 0), new EpochStart(4, 9));
    }

    @Test
    void theEpochOfTheLastRecordsStaysWhenAllAreDeleted() {
        epochs.apply(3, 0);
        epochs.apply(4, 9);

        epochs.truncateBefore(20);
        epochs.apply(4, 20);

        assertThat(epochs.starts()).containsExactly(new EpochStart(4, 9));
    }
}
