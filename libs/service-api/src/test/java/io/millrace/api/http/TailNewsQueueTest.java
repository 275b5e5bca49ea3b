package io.millrace.api.http;

import static io.millrace.api.http.TestBatches.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import io.millrace.model.Watermarks;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TailNewsQueueTest {

    private static final PartitionId OTHER = new PartitionId(PARTITION.topicId(), 4);

    private final TailNewsQueue queue = new TailNewsQueue(4 << 20);

    @Test
    void roundsThatWaitAreMerged() {
        queue.moved(PARTITION, at(1), List.of(batch(0, 100)));
        queue.moved(PARTITION, at(2), List.of(batch(1, 100)));

        TailNewsQueue.Message message = queue.next();

        assertThat(offsets(message)).containsExactly(List.of(0L, 1L));
        assertThat(message.moved()).containsExactly(new PartitionNews(PARTITION, at(2)));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whatExceedsTheBoundIsLeftOutAndItsWatermarksAreNot() {
        TailNewsQueue small = new TailNewsQueue(250);
        small.moved(PARTITION, at(3), List.of(batch(0, 100), batch(1, 100), batch(2, 100)));
        assertThat(small.bytes()).isEqualTo(200);

        TailNewsQueue.Message message = small.next();

        assertThat(small.bytes()).isZero();
        assertThat(offsets(message)).containsExactly(List.of(0L, 1L));
        assertThat(message.moved()).containsExactly(new PartitionNews(PARTITION, at(3)));
        assertThat(small.takeLeftOutBytes()).isEqualTo(100);
    }

    @Test
    void batchesOnBothSidesOfWhatWasLeftOutAreSlicesOfTheirOwn() {
        TailNewsQueue small = new TailNewsQueue(250);
        small.moved(PARTITION, at(2), List.of(batch(0, 100), batch(1, 200)));
        small.moved(PARTITION, at(3), List.of(batch(2, 100)));

        TailNewsQueue.Message message = small.next();

        assertThat(offsets(message)).containsExactly(List.of(0L), List.of(2L));
    }

    @Test
    void watermarksWaitForTheBatchesBelowThem() {
        queue.moved(PARTITION, at(3), List.of(batch(0, 800_000), batch(1, 800_000), batch(2, 800_000)));

        TailNewsQueue.Message first = queue.next();
        TailNewsQueue.Message second = queue.next();

        assertThat(first.moved()).containsExactly(new PartitionNews(PARTITION, at(2)));
        assertThat(second.moved()).containsExactly(new PartitionNews(PARTITION, at(3)));
        assertThat(offsets(second)).containsExactly(List.of(2L));
    }

    @Test
    void aBusyPartitionLetsTheOthersPass() {
        queue.moved(PARTITION, at(4), List.of(batch(0, 600_000), batch(1, 600_000), batch(2, 600_000)));
        queue.moved(OTHER, at(1), List.of());
        queue.next();

        TailNewsQueue.Message second = queue.next();

        assertThat(second.moved()).extracting(PartitionNews::partitionId).startsWith(OTHER);
    }

    @Test
    void whatIsGoneStaysGoneAndGivesItsBytesBack() {
        TailNewsQueue small = new TailNewsQueue(100);
        small.moved(PARTITION, at(1), List.of(batch(0, 100)));
        small.gone(PARTITION);
        small.moved(PARTITION, at(2), List.of(batch(1, 100)));
        small.moved(OTHER, at(1), List.of(batch(0, 100)));

        TailNewsQueue.Message message = small.next();

        assertThat(message.gone()).containsExactly(PARTITION);
        assertThat(message.moved()).containsExactly(new PartitionNews(OTHER, at(1)));
        assertThat(offsets(message)).hasSize(1);
    }

    private static List<List<Long>> offsets(TailNewsQueue.Message message) {
        return message.slices().stream()
                .map(slice ->
                        slice.batches().stream().map(PlacedBatch::baseOffset).toList())
                .toList();
    }

    private static PlacedBatch batch(long offset, int bytes) {
        return new PlacedBatch(PARTITION, TestBatches.numbered((int) offset, bytes), offset, 1, -1);
    }

    private static Watermarks at(long highWatermark) {
        return new Watermarks(0, highWatermark, highWatermark, 1);
    }
}
