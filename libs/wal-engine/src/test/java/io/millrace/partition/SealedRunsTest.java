package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.PartitionId;
import io.millrace.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SealedRunsTest {

    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 1), 0);

    private final List<SealedRun> dropped = new ArrayList<>();
    private final SealedRuns runs = ofRuns(run(1, 0, 10), run(2, 10, 30), run(3, 30, 60));

    private static SealedRun run(long file, long firstOffset, long endOffset) {
        return new SealedRun(PARTITION, file, firstOffset, endOffset, 64, 500, 5, 9, new SealedRun.IndexPlace(0, 1, 0));
    }

    private static SealedRuns ofRuns(SealedRun... runs) {
        return SealedRuns.NONE.with(new SealedSwap(PARTITION, List.of(runs)), List.of(runs), _ -> {});
    }

    private static List<SealedRun> listOf(SealedRuns runs) {
        return IntStream.range(0, runs.count()).mapToObj(runs::run).toList();
    }

    private SealedRuns swapped(SealedRun... newer) {
        return runs.with(new SealedSwap(PARTITION, List.of(newer)), List.of(newer), dropped::add);
    }

    @Test
    void everyOffsetIsAnsweredByTheRunThatCoversIt() {
        assertThat(runs.answering(0)).isEqualTo(run(1, 0, 10));
        assertThat(runs.answering(9)).isEqualTo(run(1, 0, 10));
        assertThat(runs.answering(10)).isEqualTo(run(2, 10, 30));
        assertThat(runs.answering(59)).isEqualTo(run(3, 30, 60));
        assertThat(runs.answering(60)).isNull();
        assertThat(SealedRuns.NONE.answering(0)).isNull();
    }

    @Test
    void runsBeforeTheLogsStartAreDroppedAsAWhole() {
        SealedRuns left = runs.from(29, dropped::add);

        assertThat(listOf(left)).containsExactly(run(2, 10, 30), run(3, 30, 60));
        assertThat(dropped).containsExactly(run(1, 0, 10));
    }

    @Test
    void newRunsTakeThePlaceOfWhatTheyCover() {
        SealedRuns after = swapped(run(4, 0, 20), run(4, 20, 30));

        assertThat(listOf(after)).containsExactly(run(4, 0, 20), run(4, 20, 30), run(3, 30, 60));
        assertThat(dropped).containsExactly(run(1, 0, 10), run(2, 10, 30));
        assertThat(after.endOffset(0)).isEqualTo(60);
    }

    @Test
    void newRunsFollowTheLastOne() {
        assertThat(listOf(swapped(run(4, 60, 70)))).endsWith(run(3, 30, 60), run(4, 60, 70));
        assertThat(dropped).isEmpty();
    }

    @Test
    void aSwapThatCutsARunOrLeavesAHoleIsABug() {
        assertThatThrownBy(() -> swapped(run(4, 5, 30))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> swapped(run(4, 61, 70))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new SealedSwap(PARTITION, List.of(run(4, 0, 5), run(4, 6, 9))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofTheRunsInFilesTheLatestCounts() {
        List<SealedRun> latestFirst =
                List.of(run(5, 30, 60), run(4, 0, 30), run(3, 30, 60), run(2, 10, 30), run(1, 0, 10));

        SealedRuns counting = Objects.requireNonNull(SealedRuns.ofFiles(latestFirst, 0));

        assertThat(listOf(counting)).containsExactly(run(4, 0, 30), run(5, 30, 60));
    }

    @Test
    void aRunWhoseReplacementEndedBeforeTheLogsStartIsNoHole() {
        List<SealedRun> latestFirst = List.of(run(4, 0, 10), run(4, 10, 30), run(3, 30, 60), run(1, 0, 30));

        SealedRuns counting = Objects.requireNonNull(SealedRuns.ofFiles(latestFirst, 10));

        assertThat(listOf(counting)).containsExactly(run(4, 10, 30), run(3, 30, 60));
    }

    @Test
    void aHoleBetweenTheRunsOfFilesIsFound() {
        assertThat(SealedRuns.ofFiles(List.of(run(3, 30, 60), run(1, 0, 10)), 0))
                .isNull();
        assertThat(SealedRuns.ofFiles(List.of(run(3, 30, 60), run(1, 0, 10)), 10))
                .isNotNull();
    }
}
