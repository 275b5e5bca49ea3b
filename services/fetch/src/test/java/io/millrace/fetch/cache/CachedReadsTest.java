package io.millrace.fetch.cache;

import static io.millrace.fetch.cache.OwnerLog.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.api.feed.FeedOptions;
import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.api.http.ReadService;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CachedReadsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final PartitionId OTHER = new PartitionId(ID.topicId(), 4);
    private static final int AHEAD_BYTES = 2_000;

    private final OwnerLog log = new OwnerLog();
    private final BatchCache cache = new BatchCache(30_000, 30_000, OwnerLog.NOTHING_COMPACTED);
    private final TailFeed feed =
            TailFeed.withBatches(VERTX, new TailSubscriptions(), FeedOptions.defaults(), cache::add);
    private final CacheMeters meters = new CacheMeters(new SimpleMeterRegistry(), cache);
    private final OwnerReads owner = new OwnerReads(log::read, feed);
    private final CachedReads reads = readsAhead(0);

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void follow() {
        feed.accept(new TailFrame.Opened());
        feed.follow(ID);
        feed.accept(log.news());
    }

    @Test
    void whatTheFeedBroughtIsReadWithoutTheOwner() {
        push(log.append(2, 10));
        push(log.append(2, 10));

        ReadOutcome outcome = read(1, 1_000_000);

        assertThat(outcome).isEqualTo(new ReadOutcome.Batches(log.batches, log.watermarks()));
        assertThat(log.asked).isEmpty();
    }

    @Test
    void atTheKnownEndNothingIsThereAndTheOwnerIsNotAsked() {
        push(log.append(2, 10));

        ReadOutcome outcome = read(2, 1_000_000);

        assertThat(outcome).isEqualTo(new ReadOutcome.Batches(List.of(), log.watermarks()));
        assertThat(log.asked).isEmpty();
    }

    @Test
    void behindTheKnownEndTheOwnerDecides() {
        push(log.append(2, 10));
        log.append(2, 10);

        ReadOutcome inside = read(3, 1_000_000);
        ReadOutcome outside = read(9, 1_000_000);

        assertThat(inside).isEqualTo(new ReadOutcome.Batches(log.batches.subList(1, 2), log.watermarks()));
        assertThat(outside).isInstanceOf(ReadOutcome.OutOfRange.class);
    }

    @Test
    void whatTheOwnerSaidIsKnownEvenBeforeTheFeedTellsIt() {
        push(log.append(2, 10));
        log.append(2, 10);
        read(2, 1_000_000);
        read(4, 1_000_000);

        int asked = log.asked.size();
        ReadOutcome atTheEnd = read(4, 1_000_000);

        assertThat(atTheEnd).isEqualTo(new ReadOutcome.Batches(List.of(), log.watermarks()));
        assertThat(log.asked).hasSize(asked);
    }

    @Test
    void whatWasDeletedIsNotReadFromTheCache() {
        push(log.append(2, 10));
        push(log.append(2, 10));
        log.logStartOffset = 2;
        feed.accept(log.news());

        ReadOutcome outcome = read(0, 1_000_000);

        assertThat(outcome).isInstanceOf(ReadOutcome.OutOfRange.class);
    }

    @Test
    void whileTheFeedIsQuietOrBrokenTheOwnerIsAsked() {
        push(log.append(2, 10));

        feed.accept(new TailFrame.Quiet());
        read(2, 1_000_000);
        feed.accept(new TailFrame.HeardAgain());
        read(2, 1_000_000);
        feed.accept(new TailFrame.Broken());
        read(2, 1_000_000);

        assertThat(log.asked).hasSize(2);
    }

    @Test
    void readersOfTheSameRangeShareOneRead() {
        log.append(2, 10);
        feed.accept(log.news());
        log.isHolding = true;

        CompletableFuture<List<ReadOutcome>> first = ask(0);
        CompletableFuture<List<ReadOutcome>> second = ask(1);
        log.held.remove().run();

        assertThat(first.join()).isEqualTo(second.join());
        assertThat(log.asked).hasSize(1);
    }

    @Test
    void whoWaitedForARangeThatEndsTooEarlyAsksForHisOwn() {
        log.append(2, 10);
        log.append(2, 10);
        log.limitReadsTo(1);
        feed.accept(log.news());
        log.isHolding = true;
        CompletableFuture<List<ReadOutcome>> first = ask(0);
        CompletableFuture<List<ReadOutcome>> second = ask(3);

        log.held.remove().run();
        log.held.remove().run();

        assertThat(first.join()).containsExactly(new ReadOutcome.Batches(log.batches.subList(0, 1), log.watermarks()));
        assertThat(second.join()).containsExactly(new ReadOutcome.Batches(log.batches.subList(1, 2), log.watermarks()));
    }

    @Test
    void thoseWhoWaitedInVainShareOneReadToo() {
        log.append(2, 10);
        log.append(2, 10);
        log.limitReadsTo(1);
        feed.accept(log.news());
        log.isHolding = true;
        CompletableFuture<List<ReadOutcome>> _ = ask(0);
        CompletableFuture<List<ReadOutcome>> second = ask(2);
        CompletableFuture<List<ReadOutcome>> third = ask(2);

        log.held.remove().run();
        assertThat(log.asked).hasSize(2);
        log.held.remove().run();

        assertThat(second.join()).containsExactly(new ReadOutcome.Batches(log.batches.subList(1, 2), log.watermarks()));
        assertThat(third.join()).isEqualTo(second.join());
    }

    @Test
    void aReaderOfThePastIsReadAheadOf() {
        for (int i = 0; i < 20; i++) {
            log.append(1, 500);
        }
        log.limitReadsTo(AHEAD_BYTES);
        feed.accept(log.news());
        CachedReads ahead = readsAhead(2);

        read(ahead, 0, 600);
        int asked = log.asked.size();
        ReadOutcome next = read(ahead, 1, 600);

        assertThat(asked).isGreaterThan(1);
        assertThat(buffers(next)).isEqualTo(OwnerLog.buffers(log.batches.subList(1, 2)));
        assertThat(log.asked.get(1).fromOffset())
                .isEqualTo(log.page(0, AHEAD_BYTES).getLast().endOffset());
    }

    @Test
    void theBytesOfAllPartitionsTogetherAreBoundedButForTheFirstBatch() {
        push(log.append(1, 400));
        push(log.append(1, 400));
        ReadRequest all = new ReadRequest(ID, 0, 1_000_000);

        List<ReadOutcome> outcomes = reads.read(List.of(all, all), 100).await().indefinitely();

        assertThat(outcomes)
                .containsExactly(
                        new ReadOutcome.Batches(log.batches.subList(0, 1), log.watermarks()),
                        new ReadOutcome.Batches(List.of(), log.watermarks()));
    }

    /// The range may have left the cache before the answer has left.
    @Test
    void anAnswerPinsNotTheWholeRangeThatWasReadForIt() {
        log.append(1, 10);
        log.append(1, 1_500);
        feed.accept(log.news());
        log.isFraming = true;

        ReadOutcome fromOwner = read(0, 100);
        ReadOutcome fromCache = read(0, 100);
        log.wipeFrames();

        ByteBuffer first = log.batches.getFirst().buffer();
        assertThat(buffers(fromOwner)).containsExactly(first);
        assertThat(buffers(fromCache)).containsExactly(first);
    }

    @Test
    void whoCannotWaitIsNotToldOldNews() {
        push(log.append(2, 10));
        RecordBatch unheard = log.append(2, 10);
        ReadService verified = new VerifiedReads(reads, owner);

        List<ReadOutcome> outcomes = verified.read(List.of(new ReadRequest(ID, 2, 1_000)), 1_000)
                .await()
                .indefinitely();

        assertThat(outcomes).containsExactly(new ReadOutcome.Batches(List.of(unheard), log.watermarks()));
    }

    @Test
    void whatTheOwnerVerifiedIsNotUndoneByOlderNews() {
        push(log.append(2, 10));
        RecordBatch second = log.append(2, 10);
        RecordBatch third = log.append(2, 10);
        TailFrame.News late = log.news(second, third);
        log.append(2, 10);
        ReadService verified = new VerifiedReads(reads, owner);
        verified.read(List.of(new ReadRequest(ID, 2, 1)), 1).await().indefinitely();

        feed.accept(late);
        List<ReadOutcome> outcomes =
                verified.read(List.of(new ReadRequest(ID, 4, 1)), 1).await().indefinitely();

        assertThat(outcomes).containsExactly(new ReadOutcome.Batches(List.of(third), log.watermarks()));
    }

    @Test
    void whoJoinsAnOldReadIsToldWhatIsKnownByNow() {
        log.append(2, 10);
        feed.accept(log.news());
        log.isHolding = true;
        CompletableFuture<List<ReadOutcome>> first = ask(0);

        push(log.append(2, 10));
        CompletableFuture<List<ReadOutcome>> second = ask(1);
        log.held.remove().run();

        assertThat(first.join().getFirst())
                .extracting(CachedReadsTest::watermarks)
                .isEqualTo(log.watermarks());
        assertThat(second.join().getFirst())
                .extracting(CachedReadsTest::watermarks)
                .isEqualTo(log.watermarks());
    }

    /// A read that was joined may be over while the others of the same answer are on their way.
    @Test
    void whatWaitedForOtherPartitionsIsToldWithWhatIsKnownByNow() {
        log.append(2, 10);
        feed.accept(log.news());
        log.isHolding = true;
        CompletableFuture<List<ReadOutcome>> first = ask(0);
        CompletableFuture<List<ReadOutcome>> second = reads.read(
                        List.of(new ReadRequest(ID, 1, 1_000), new ReadRequest(OTHER, 0, 1_000)), 1_000)
                .subscribeAsCompletionStage();

        log.held.remove().run();
        push(log.append(2, 10));
        log.held.remove().run();

        assertThat(first).isDone();
        assertThat(second.join().getFirst())
                .extracting(CachedReadsTest::watermarks)
                .isEqualTo(log.watermarks());
    }

    /// With later watermarks alone, the reader would wait for what comes after records that it does not have.
    @Test
    void nothingThatIsNoLongerTrueIsAskedForOnceMore() {
        log.append(2, 10);
        log.isHolding = true;
        CompletableFuture<List<ReadOutcome>> reader = ask(2);

        RecordBatch late = log.append(2, 10);
        feed.accept(log.news());
        log.isHolding = false;
        log.held.remove().run();

        assertThat(reader.join()).containsExactly(new ReadOutcome.Batches(List.of(late), log.watermarks()));
    }

    @Test
    void noReaderIsSentAwayFromAnOffsetThatIsThereByNow() {
        log.append(2, 10);
        log.isHolding = true;
        CompletableFuture<List<ReadOutcome>> reader = ask(3);

        RecordBatch late = log.append(2, 10);
        feed.accept(log.news());
        log.isHolding = false;
        log.held.remove().run();

        assertThat(reader.join()).containsExactly(new ReadOutcome.Batches(List.of(late), log.watermarks()));
    }

    /// Appends that are pushed, left out or not yet told, deletions and evictions, in any order: whatever is read are
    /// the owner's bytes, from the batch that covers the offset on, and nothing is missing that was told.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whateverHappensTheOwnersBytesAreRead(long seed) {
        Random random = new Random(seed);
        CachedReads ahead = readsAhead(2);
        log.limitReadsTo(3_000);

        for (int step = 0; step < 2_000; step++) {
            happen(random);
            long from = random.nextLong(log.logStartOffset, log.end() + 1);
            int limit = random.nextInt(2_000);
            ReadOutcome.Batches page = (ReadOutcome.Batches) read(ahead, from, limit);

            List<RecordBatch> all = log.page(from, Integer.MAX_VALUE);
            assertThat(buffers(page))
                    .isEqualTo(OwnerLog.buffers(all.subList(0, page.batches().size())));
            assertThat(page.batches().isEmpty())
                    .isEqualTo(from == page.watermarks().highWatermark());
            assertThat(page.batches().size() <= 1 || page.sizeInBytes() <= limit)
                    .isTrue();
        }
    }

    private void happen(Random random) {
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> push(log.append(1 + random.nextInt(3), random.nextInt(900)));
            case 4 -> {
                log.append(1, random.nextInt(900));
                feed.accept(log.news());
            }
            case 5 -> log.append(1, random.nextInt(900));
            case 6 -> {
                feed.accept(new TailFrame.Broken());
                feed.accept(new TailFrame.Opened());
                feed.accept(log.news());
            }
            default -> log.logStartOffset = random.nextLong(log.logStartOffset, log.end() + 1);
        }
    }

    private CachedReads readsAhead(int countMax) {
        PastReads past = new PastReads(owner, feed, cache, new PastReads.ReadAhead(AHEAD_BYTES, countMax), meters);
        return new CachedReads(feed, cache, past, meters);
    }

    private static List<ByteBuffer> buffers(ReadOutcome outcome) {
        return OwnerLog.buffers(((ReadOutcome.Batches) outcome).batches());
    }

    private static Watermarks watermarks(ReadOutcome outcome) {
        return ((ReadOutcome.Batches) outcome).watermarks();
    }

    private void push(RecordBatch batch) {
        feed.accept(log.news(batch));
    }

    private CompletableFuture<List<ReadOutcome>> ask(long fromOffset) {
        return reads.read(List.of(new ReadRequest(ID, fromOffset, 1_000_000)), 1_000_000)
                .subscribeAsCompletionStage();
    }

    private ReadOutcome read(long fromOffset, int bytesMax) {
        return read(reads, fromOffset, bytesMax);
    }

    private static ReadOutcome read(CachedReads from, long fromOffset, int bytesMax) {
        return from.read(List.of(new ReadRequest(ID, fromOffset, bytesMax)), 1_000_000)
                .await()
                .indefinitely()
                .getFirst();
    }
}
