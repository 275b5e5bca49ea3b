package io.millrace.api.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TailFeedTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final PartitionId ID = new PartitionId(new TopicId(1, 2), 3);

    private final TailFeed feed = new TailFeed(VERTX, new TailSubscriptions(), FeedOptions.defaults());

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void subscribe() {
        feed.accept(new TailFrame.Opened());
        feed.follow(ID);
    }

    @Test
    void newsThatAreOlderThanWhatTheOwnerSaidUndoNothing() {
        feed.observed(ID, at(100));

        tell(at(95));

        assertThat(feed.follow(ID)).contains(at(100));
    }

    @Test
    void norDoTheyAfterTheFeedBroke() {
        tell(at(90));
        feed.observed(ID, at(100));
        feed.accept(new TailFrame.Broken());
        feed.accept(new TailFrame.Opened());

        tell(at(95));

        assertThat(feed.follow(ID)).contains(at(100));
    }

    @Test
    void whatTheOwnerSaidIsNotCurrentWhileTheFeedTellsNothing() {
        feed.observed(ID, at(100));
        boolean isKnownBefore = feed.follow(ID).isPresent();
        tell(at(100));
        feed.accept(new TailFrame.Broken());
        feed.accept(new TailFrame.Opened());

        feed.observed(ID, at(110));

        assertThat(isKnownBefore).isFalse();
        assertThat(feed.follow(ID)).isEmpty();
    }

    @Test
    void whatTheOwnerSaysIsAnsweredWithWhatIsKnownLater() {
        Watermarks first = feed.observed(ID, at(90));
        tell(at(100));
        Watermarks second = feed.observed(ID, at(95));

        assertThat(first).isEqualTo(at(90));
        assertThat(second).isEqualTo(at(100));
    }

    @Test
    void anotherEpochBeginsAnew() {
        Watermarks moved = new Watermarks(0, 50, 50, 2);
        feed.observed(ID, at(100));

        tell(moved);

        assertThat(feed.follow(ID)).contains(moved);
    }

    @Test
    void whoWaitsForWhatTheOwnerSaidBeforeIsWokenByOlderNews() {
        feed.observed(ID, at(100));
        CompletableFuture<Void> waiting =
                feed.awaitNews(Map.of(ID, 97L), Duration.ofMinutes(5)).subscribeAsCompletionStage();
        boolean wasEarly = waiting.isDone();

        tell(at(95));

        assertThat(wasEarly).isFalse();
        assertThat(waiting).isDone();
    }

    @Test
    void ofAPartitionThatNobodyFollowsNothingIsRemembered() {
        PartitionId other = new PartitionId(new TopicId(1, 2), 4);

        Watermarks first = feed.observed(other, at(100));
        Watermarks second = feed.observed(other, at(95));

        assertThat(List.of(first, second)).containsExactly(at(100), at(95));
    }

    private void tell(Watermarks watermarks) {
        feed.accept(new TailFrame.News(List.of(), List.of(new PartitionNews(ID, watermarks)), List.of()));
    }

    private static Watermarks at(long highWatermark) {
        return new Watermarks(0, highWatermark, highWatermark, 1);
    }
}
