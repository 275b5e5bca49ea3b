package io.millrace.fetch.cache;

import static io.millrace.fetch.cache.OwnerLog.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.feed.TailSlice;
import io.millrace.model.Catalog;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BatchCacheTest {

    private final OwnerLog log = new OwnerLog();
    private final AtomicLong seconds = new AtomicLong();
    private Catalog catalog = Catalog.of("cluster", 1, 1, List.of());
    private final BatchCache cache = new BatchCache(
            20_000, 20_000, new CacheAges(() -> catalog, () -> TimeUnit.SECONDS.toNanos(seconds.get()), 10_000));

    @Test
    void aPageBeginsWithTheBatchThatCoversTheOffsetAndGoesOnOverRanges() {
        push(log.append(3, 10));
        push(log.append(3, 10));
        push(log.append(3, 10));

        CachedPage page = cache.read(ID, 4, 9, 1_000_000);

        assertThat(page.batches()).containsExactlyElementsOf(log.batches.subList(1, 3));
        assertThat(page.nextOffset()).isEqualTo(9);
    }

    @Test
    void aPageHasNoMoreBytesThanWantedButForItsFirstBatch() {
        push(log.append(1, 1_000));
        push(log.append(1, 1_000));

        CachedPage page = cache.read(ID, 0, 2, 10);

        assertThat(page.batches()).containsExactly(log.batches.getFirst());
    }

    @Test
    void aPageEndsAtTheKnownEnd() {
        push(log.append(1, 10));
        push(log.append(1, 10));

        CachedPage page = cache.read(ID, 0, 1, 1_000_000);

        assertThat(page.batches()).containsExactly(log.batches.getFirst());
    }

    @Test
    void aPageEndsWhereSomethingIsMissing() {
        push(log.append(1, 10));
        log.append(1, 10);
        push(log.append(1, 10));

        CachedPage page = cache.read(ID, 0, 3, 1_000_000);

        assertThat(page.batches()).containsExactly(log.batches.getFirst());
        assertThat(cache.read(ID, 1, 3, 1_000_000).isEmpty()).isTrue();
        assertThat(cache.endOfRun(ID, 0, 1_000_000)).isEqualTo(1);
    }

    @Test
    void whatOverlapsFillsTheGapsOnly() {
        push(log.append(1, 10));
        log.append(1, 10);
        push(log.append(1, 10));
        log.append(1, 10);

        cache.addPast(ID, 0, log.batches);
        CachedPage page = cache.read(ID, 0, 4, 1_000_000);

        assertThat(page.batches())
                .extracting(RecordBatch::buffer)
                .containsExactlyElementsOf(OwnerLog.buffers(log.batches.subList(0, 3)));
        assertThat(cache.pastBytes()).isLessThan(2 * cache.tailBytes());
    }

    /// Paging backwards, each page overlaps the one before it, all but a little.
    @Test
    void whatFillsAGapPinsNothingOfWhatTheNeighboursHave() {
        log.append(1, 10);
        push(log.append(1, 5_000));

        cache.addPast(ID, 0, log.framed(log.batches));
        log.wipeFrames();

        assertThat(cache.read(ID, 0, 1, 1_000_000).batches())
                .extracting(RecordBatch::buffer)
                .containsExactly(log.batches.getFirst().buffer());
    }

    @Test
    void aSmallPartOfARangeIsReadWithoutPinningIt() {
        log.append(1, 10);
        log.append(1, 5_000);
        cache.addPast(ID, 0, log.framed(log.batches));

        CachedPage page = cache.read(ID, 0, 2, 1_000);
        log.wipeFrames();

        assertThat(page.batches())
                .extracting(RecordBatch::buffer)
                .containsExactly(log.batches.getFirst().buffer());
    }

    @Test
    void mostOfARangeIsReadAsItIs() {
        RecordBatch large = log.append(1, 5_000);
        push(large, log.append(1, 10));

        CachedPage page = cache.read(ID, 0, 1, 1_000_000);

        assertThat(page.batches()).containsExactly(large);
    }

    @Test
    void offsetsThatWereCompactedAwayAreCoveredByTheRangeThatWasAskedFor() {
        RecordBatch late = log.append(1, 10).placedAt(50, 1);

        cache.addPast(ID, 7, List.of(late));

        assertThat(cache.read(ID, 20, 51, 1_000_000).batches()).containsExactly(late);
        assertThat(cache.read(ID, 6, 51, 1_000_000).isEmpty()).isTrue();
    }

    @Test
    void theOldestGoesFirstUnlessItWasUsed() {
        push(log.append(1, 5_000));
        push(log.append(1, 5_000));
        push(log.append(1, 5_000));
        cache.read(ID, 0, 1, 1);

        push(log.append(1, 5_000));

        assertThat(cache.read(ID, 0, 4, 1).isEmpty()).isFalse();
        assertThat(cache.read(ID, 1, 4, 1).isEmpty()).isTrue();
        assertThat(cache.tailBytes()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void readersOfThePastDoNotPushTheTailOut() {
        push(log.append(1, 5_000));
        for (int i = 0; i < 10; i++) {
            RecordBatch read = log.append(1, 5_000);
            cache.addPast(ID, read.baseOffset(), List.of(read));
        }

        assertThat(cache.read(ID, 0, 11, 1).isEmpty()).isFalse();
        assertThat(cache.pastBytes()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void whatIsLargerThanTheBoundIsNotKept() {
        push(log.append(1, 50_000));

        assertThat(cache.read(ID, 0, 1, 1).isEmpty()).isTrue();
        assertThat(cache.tailBytes()).isZero();
    }

    @Test
    void whatIsOldIsReadAnewOfCompactedTopicsOnly() {
        push(log.append(1, 10));
        RecordBatch late = log.append(1, 10);
        push(late);
        seconds.set(11);
        configure(Map.of());
        assertThat(cache.read(ID, 0, 2, 1).isEmpty()).isFalse();

        configure(Map.of("cleanup.policy", "compact"));
        assertThat(cache.read(ID, 0, 2, 1).isEmpty()).isTrue();
        assertThat(cache.endOfRun(ID, 0, 1_000_000)).isZero();

        cache.addPast(ID, 0, List.of(late));
        assertThat(cache.read(ID, 0, 2, 1_000_000).batches()).containsExactly(late);
        seconds.set(21);
        assertThat(cache.read(ID, 0, 2, 1).isEmpty()).isFalse();
        seconds.set(22);
        assertThat(cache.read(ID, 0, 2, 1).isEmpty()).isTrue();
    }

    @Test
    void nothingStaysLongerThanTombstonesDo() {
        configure(Map.of("cleanup.policy", "delete,compact", "delete.retention.ms", "3000"));
        push(log.append(1, 10));

        seconds.set(3);
        assertThat(cache.read(ID, 0, 1, 1).isEmpty()).isFalse();
        seconds.set(4);
        assertThat(cache.read(ID, 0, 1, 1).isEmpty()).isTrue();
    }

    private void configure(Map<String, String> configs) {
        catalog = Catalog.of("cluster", 1, 1, List.of(new Topic(ID.topicId(), "topic", 9, configs)));
    }

    private void push(RecordBatch... batches) {
        cache.add(new TailSlice(ID, List.of(batches)));
    }
}
