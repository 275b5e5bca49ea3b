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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /// As passes bring it on: a run each, all joined that can be, and divided where runs are.
    @ParameterizedTest
    @ValueSource(longs = {400, 5_000, 50_000, 200_000, 600_000})
    void runsAndCopiesAreFewHoweverManyPassesThereAre(long passBytes) {
        List<Long> sizes = new ArrayList<>();
        long copied = 0;
        int passes = (int) Math.min(20_000, 100 * RUN_BYTES / passBytes);
        for (int pass = 0; pass < passes; pass++) {
            sizes.add(passBytes + pass % 7);
            for (List<SealedRun> found = joins.find(ofSizes(sizes), 8 * RUN_BYTES);
                    !found.isEmpty();
                    found = joins.find(ofSizes(sizes), 8 * RUN_BYTES)) {
                int first = (int) found.getFirst().fileNumber();
                long bytes = found.stream().mapToLong(SealedRun::bytes).sum();
                sizes.subList(first, first + found.size()).clear();
                sizes.addAll(first, divided(bytes));
                copied += bytes;
            }
        }
        long total = sizes.stream().mapToLong(Long::longValue).sum();

        assertThat((long) sizes.size()).isLessThan(3 * total / RUN_BYTES + 50);
        assertThat(copied).isLessThan(6 * total);
    }

    private static List<Long> divided(long bytes) {
        List<Long> sizes = new ArrayList<>();
        for (long rest = bytes; rest > 0; rest -= RUN_BYTES) {
            sizes.add(Math.min(rest, RUN_BYTES));
        }
        return sizes;
    }

    private static SealedRuns ofSizes(List<Long> sizes) {
        return runs(sizes.stream().mapToLong(Long::longValue).toArray());
    }
}
