package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.PartitionId;
import io.millrace.model.TopicId;
import io.millrace.partition.SealedRun;
import io.millrace.partition.SealedRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RunJoinsTest {

    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 1), 0);
    private static final int COUNT_MIN = 8;
    private static final long RUN_BYTES = 1 << 20;
    private static final long ALL_BYTES = Long.MAX_VALUE;

    private final RunJoins joins = new RunJoins(COUNT_MIN, RUN_BYTES);

    private static SealedRuns runs(long... bytes) {
        List<SealedRun> runs = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            runs.add(new SealedRun(
                    PARTITION, i, 10L * i, 10L * (i + 1), 64, bytes[i], 5, 9, new SealedRun.IndexPlace(0, 1, 0)));
        }
        return SealedRuns.of(runs);
    }

    private static long[] repeated(long bytes, int count) {
        return LongStream.generate(() -> bytes).limit(count).toArray();
    }

    private List<Long> found(SealedRuns runs, long bytesMax) {
        return joins.find(runs, bytesMax).stream().map(SealedRun::fileNumber).toList();
    }

    @Test
    void fewNeighboursStayAsTheyAre() {
        assertThat(found(runs(repeated(100, COUNT_MIN - 1)), ALL_BYTES)).isEmpty();
    }

    @Test
    void theNewestNeighboursBecomeOne() {
        assertThat(found(runs(repeated(100, COUNT_MIN + 2)), ALL_BYTES))
                .containsExactlyElementsOf(IntStream.range(2, COUNT_MIN + 2)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    @Test
    void whatIsLargeBesideItsNeighboursIsNotCopiedAgain() {
        assertThat(found(runs(10_000, 100, 100, 100, 100, 100, 100, 100), ALL_BYTES))
                .isEmpty();
        assertThat(found(runs(10_000, 100, 100, 100, 100, 100, 100, 100, 100), ALL_BYTES))
                .doesNotContain(0L)
                .hasSize(COUNT_MIN);
    }

    @Test
    void runsThatAreLargeAlreadyStayAsTheyAre() {
        assertThat(found(runs(repeated(RUN_BYTES, 1_000)), ALL_BYTES)).isEmpty();
        assertThat(found(runs(repeated(RUN_BYTES / 2, COUNT_MIN)), ALL_BYTES)).isEmpty();
    }

    @Test
    void noMoreIsJoinedThanAllowed() {
        assertThat(found(runs(repeated(100, COUNT_MIN)), 100 * COUNT_MIN - 1)).isEmpty();
        assertThat(found(runs(repeated(100, COUNT_MIN)), 100 * COUNT_MIN)).hasSize(COUNT_MIN);
    }

    @Test
    void runsInWhichNothingIsLeftAreNotWorthIt() {
        assertThat(found(runs(repeated(0, 2 * COUNT_MIN)), ALL_BYTES)).isEmpty();
    }

    /// As passes bring it on: a run each, all joined that can be.
    @Test
    void theNumberOfRunsGrowsAsTheLogarithmOfThePasses() {
        List<Long> sizes = new ArrayList<>();
        long copied = 0;
        int runsMax = 0;
        for (int pass = 0; pass < 20_000; pass++) {
            sizes.add(20L + pass % 7);
            List<SealedRun> found = joins.find(ofSizes(sizes), ALL_BYTES);
            while (!found.isEmpty()) {
                int first = (int) found.getFirst().fileNumber();
                long bytes = found.stream().mapToLong(SealedRun::bytes).sum();
                sizes.subList(first, first + found.size()).clear();
                sizes.add(first, bytes);
                copied += bytes;
                found = joins.find(ofSizes(sizes), ALL_BYTES);
            }
            runsMax = Math.max(runsMax, sizes.size());
        }
        long total = sizes.stream().mapToLong(Long::longValue).sum();

        assertThat(runsMax).isLessThan(50);
        assertThat(copied).isLessThan(6 * total);
    }

    private static SealedRuns ofSizes(List<Long> sizes) {
        return runs(sizes.stream().mapToLong(Long::longValue).toArray());
    }
}
