package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartitionIndexTest {

    private static final int COUNT = 5_000;

    private final PartitionIndex index = new PartitionIndex();

    PartitionIndexTest() {
        for (int i = 0; i < COUNT; i++) {
            index.add(entry(i));
        }
    }

    /// Batches of three records, a hundred bytes apart; every seventh has a late timestamp.
    private static IndexEntry entry(int i) {
        return new IndexEntry(3L * i, 100L * i, 50, i % 7 == 0 ? 10L * i + 1_000 : 10L * i);
    }

    @Test
    void everyOffsetFindsTheEntryThatCoversIt() {
        for (int offset = 0; offset < 3 * COUNT; offset++) {
            assertThat(index.find(offset, 3L * COUNT, 0)).containsExactly(entry(offset / 3));
        }
    }

    @Test
    void nothingIsFoundAtTheEndOrBehindIt() {
        assertThat(index.find(3L * COUNT, 3L * COUNT, 1_000)).isEmpty();
        assertThat(index.find(9, 9, 1_000)).isEmpty();
    }

    @Test
    void entriesFollowUpToTheLimitAndTheEnd() {
        assertThat(index.find(10, 3L * COUNT, 175)).containsExactly(entry(3), entry(4), entry(5));
        assertThat(index.find(10, 14, 1_000)).containsExactly(entry(3), entry(4));
    }

    @Test
    void truncationKeepsTheCoveringEntryAndTellsOfTheOthers() {
        List<IndexEntry> dropped = new ArrayList<>();

        index.truncateBefore(3L * 2_345 + 1, 3L * COUNT, dropped::add);

        assertThat(dropped).hasSize(2_345).endsWith(entry(2_344));
        assertThat(index.count()).isEqualTo(COUNT - 2_345);
        assertThat(index.find(3L * 2_345 + 2, 3L * COUNT, 0)).containsExactly(entry(2_345));
        index.add(entry(COUNT));
        assertThat(index.find(3L * COUNT, 3L * COUNT + 3, 0)).containsExactly(entry(COUNT));
    }

    @Test
    void truncationToTheEndDropsEverything() {
        List<IndexEntry> dropped = new ArrayList<>();

        index.truncateBefore(3L * COUNT, 3L * COUNT, dropped::add);

        assertThat(dropped).hasSize(COUNT);
        assertThat(index.count()).isZero();
    }

    @Test
    void timestampsFindTheFirstBatchThatReachesThem() {
        for (long timestamp = 0; timestamp < 60_000; timestamp += 13) {
            long wanted = timestamp;
            IndexEntry expected = null;
            for (int i = 0; i < COUNT && expected == null; i++) {
                expected = entry(i).maxTimestamp() >= wanted ? entry(i) : null;
            }
            assertThat(index.atTimestamp(wanted, -1, 3L * COUNT).orElse(null)).isEqualTo(expected);
        }
        assertThat(index.atMaxTimestamp(3L * COUNT)).contains(entry(4_998));
        assertThat(index.atMaxTimestamp(300)).contains(entry(98));
    }

    @Test
    void offsetsFarApartStillFit() {
        PartitionIndex sparse = new PartitionIndex();
        for (int i = 0; i < 10; i++) {
            sparse.add(new IndexEntry(i * 3_000_000_000L, i, 1, 0));
        }

        assertThat(sparse.find(12_000_000_001L, Long.MAX_VALUE, 0).getFirst().baseOffset())
                .isEqualTo(12_000_000_000L);
    }
}
