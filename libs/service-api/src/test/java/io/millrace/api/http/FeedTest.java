package io.millrace.api.http;

import static io.millrace.api.http.LoopbackStore.PATIENCE;
import static io.millrace.api.http.LoopbackStore.eventually;
import static io.millrace.api.http.TestBatches.PARTITION;
import static io.millrace.api.http.TestBatches.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.feed.CatalogView;
import io.millrace.api.feed.FeedOptions;
import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSlice;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class FeedTest {

    @Test
    void theCatalogFollowsChangesAndLosesNoneOverARestart() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient store = loopback.storeClient();
            CatalogView view = new CatalogView(store::catalogSince);
            source(loopback, new TailSubscriptions()).catalog().subscribe().with(view::accept);
            eventually(view::isReady);

            create(loopback, 2, "before");
            eventually(() -> view.catalog().version() == 2);
            loopback.stopServer();
            create(loopback, 3, "meanwhile");
            loopback.startServerAgain();
            eventually(() -> view.catalog().version() == 3);
            delete(loopback, 4, "before");
            eventually(() -> view.catalog().version() == 4);

            assertThat(view.catalog()).isEqualTo(loopback.store.catalog);
        }
    }

    @Test
    void aFollowerThatDoesNotReadGetsASnapshotInPlaceOfMoreChangesThanMayWait() {
        ApiOptions quick = LoopbackStore.quick();
        FeedOptions few = new FeedOptions(Duration.ofSeconds(1), 10, 1_000, Duration.ofSeconds(60), 1_000);
        ApiOptions options = new ApiOptions(quick.transport(), quick.streams(), quick.append(), quick.calls(), few);
        try (LoopbackStore loopback = new LoopbackStore(options)) {
            AssertSubscriber<CatalogNews> slow = source(loopback, new TailSubscriptions())
                    .catalog()
                    .subscribe()
                    .withSubscriber(AssertSubscriber.create(1));
            CatalogView other = new CatalogView(loopback.storeClient()::catalogSince);
            source(loopback, new TailSubscriptions()).catalog().subscribe().with(other::accept);
            slow.awaitItems(1, PATIENCE);
            eventually(other::isReady);

            // Long names fill the windows of the slow one; the other one must not notice.
            for (int version = 2; version <= 1_500; version++) {
                create(loopback, version, version + "x".repeat(10_000));
            }
            eventually(() -> other.catalog().version() == 1_500);
            CatalogView late = new CatalogView(loopback.storeClient()::catalogSince);
            slow.getItems().forEach(late::accept);
            int taken = slow.getItems().size();
            eventually(() -> {
                slow.request(100);
                List<CatalogNews> items = new ArrayList<>(slow.getItems());
                return !items.isEmpty() && versionOf(items.getLast()) == 1_500;
            });
            slow.getItems().forEach(late::accept);

            assertThat(taken).isEqualTo(1);
            assertThat(late.catalog()).isEqualTo(loopback.store.catalog);
            assertThat(slow.getItems().stream().filter(CatalogNews.Snapshot.class::isInstance))
                    .hasSizeGreaterThan(1);
            slow.cancel();
        }
    }

    @Test
    void aWaitingReaderIsWokenWhenItsPartitionMoves() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailFeed tail = tail(loopback, LoopbackStore.quick().feeds());
            loopback.store.watermarks.put(PARTITION, at(5));

            Uni<Void> news = tail.awaitNews(Map.of(PARTITION, 5L), PATIENCE);
            CompletableFuture<Void> waiting = news.subscribeAsCompletionStage();
            eventually(() -> tail.follow(PARTITION).isPresent());
            boolean wasEarly = waiting.isDone();
            move(loopback, PARTITION, 6);
            waiting.join();

            assertThat(wasEarly).isFalse();
            assertThat(tail.follow(PARTITION)).contains(at(6));
        }
    }

    @Test
    void whatMovedBeforeTheSubscriptionIsToldAtOnce() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailFeed tail = tail(loopback, LoopbackStore.quick().feeds());
            loopback.store.watermarks.put(PARTITION, at(6));

            Uni<Void> news = tail.awaitNews(Map.of(PARTITION, 5L), Duration.ofMinutes(5));

            news.await().atMost(PATIENCE);
            assertThat(tail.follow(PARTITION)).contains(at(6));
        }
    }

    @Test
    void whatMovedWhileTheFeedWasBrokenIsToldAfterwards() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailFeed tail = tail(loopback, LoopbackStore.quick().feeds());
            loopback.store.watermarks.put(PARTITION, at(5));
            CompletableFuture<Void> first =
                    tail.awaitNews(Map.of(PARTITION, 5L), Duration.ofMinutes(5)).subscribeAsCompletionStage();
            eventually(() -> tail.follow(PARTITION).isPresent());

            loopback.stopServer();
            first.join();
            CompletableFuture<Void> second =
                    tail.awaitNews(Map.of(PARTITION, 5L), Duration.ofMinutes(5)).subscribeAsCompletionStage();
            loopback.store.watermarks.put(PARTITION, at(7));
            loopback.startServerAgain();
            second.join();

            assertThat(tail.follow(PARTITION)).contains(at(7));
        }
    }

    @Test
    void readersOfADeletedTopicAreWoken() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailFeed tail = tail(loopback, LoopbackStore.quick().feeds());
            loopback.store.watermarks.put(PARTITION, at(5));
            CompletableFuture<Void> waiting =
                    tail.awaitNews(Map.of(PARTITION, 5L), Duration.ofMinutes(5)).subscribeAsCompletionStage();
            eventually(() -> tail.follow(PARTITION).isPresent());

            loopback.publisher.publish(
                    List.of(), List.of(), List.of(new CatalogNews.TopicDeleted(9, PARTITION.topicId())));
            waiting.join();

            assertThat(tail.follow(PARTITION)).isEmpty();
        }
    }

    @Test
    void aReaderOfAQuietPartitionIsAnsweredAtItsTime() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailFeed tail = tail(loopback, LoopbackStore.quick().feeds());
            loopback.store.watermarks.put(PARTITION, at(5));

            Uni<Void> news = tail.awaitNews(Map.of(PARTITION, 5L), Duration.ofMillis(100));

            news.await().atMost(PATIENCE);
            assertThat(tail.follow(PARTITION)).isNotEqualTo(at(6));
        }
    }

    @Test
    void anIdlePartitionIsNoLongerFollowed() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            FeedOptions impatient = new FeedOptions(Duration.ofSeconds(1), 10, 1_000, Duration.ofMillis(100), 1_000);
            TailSubscriptions subscriptions = new TailSubscriptions();
            TailFeed tail = new TailFeed(loopback.vertx, subscriptions, impatient);
            source(loopback, subscriptions).tail().subscribe().with(tail::accept);
            loopback.store.watermarks.put(PARTITION, at(6));
            tail.awaitNews(Map.of(PARTITION, 5L), PATIENCE).await().atMost(PATIENCE);

            eventually(() -> subscriptions.count() == 0);
            tail.awaitNews(Map.of(PARTITION, 5L), PATIENCE).await().atMost(PATIENCE);

            assertThat(tail.follow(PARTITION)).contains(at(6));
        }
    }

    @Test
    void newsForAFollowerThatDoesNotReadAreMergedAndHoldUpNobodyElse() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailSubscriptions subscriptions = new TailSubscriptions();
            TailFeed wanted = new TailFeed(
                    loopback.vertx, subscriptions, LoopbackStore.quick().feeds());
            AssertSubscriber<TailFrame> slow =
                    source(loopback, subscriptions).tail().subscribe().withSubscriber(AssertSubscriber.create(2));
            TailFeed other = tail(loopback, LoopbackStore.quick().feeds());
            loopback.store.watermarks.put(PARTITION, at(0));
            slow.awaitItems(2, PATIENCE);
            wanted.awaitNews(Map.of(PARTITION, 0L), PATIENCE).subscribe().with(_ -> {});
            other.awaitNews(Map.of(PARTITION, 0L), PATIENCE).subscribe().with(_ -> {});
            eventually(() -> other.follow(PARTITION).isPresent());

            for (int highWatermark = 1; highWatermark <= 200_000; highWatermark++) {
                move(loopback, PARTITION, highWatermark);
            }
            eventually(() -> other.follow(PARTITION).equals(Optional.of(at(200_000))));
            slow.request(Long.MAX_VALUE);
            eventually(() -> lastHighWatermark(slow.getItems()) == 200_000);

            assertThat(slow.getItems()).hasSizeLessThan(150_000);
            slow.cancel();
        }
    }

    @Test
    void batchesComeToReadersAtTheEndBeforeTheWatermarksThatCoverThem() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailSubscriptions subscriptions = new TailSubscriptions();
            List<RecordBatch> pushed = new CopyOnWriteArrayList<>();
            TailFeed tail = TailFeed.withBatches(
                    loopback.vertx,
                    subscriptions,
                    LoopbackStore.quick().feeds(),
                    slice -> pushed.addAll(slice.batches()));
            source(loopback, subscriptions).tail().subscribe().with(tail::accept);
            loopback.store.watermarks.put(PARTITION, at(5));
            CompletableFuture<Integer> atWakeUp = tail.awaitNews(Map.of(PARTITION, 5L), PATIENCE)
                    .map(_ -> pushed.size())
                    .subscribeAsCompletionStage();
            eventually(() -> tail.follow(PARTITION).isPresent());

            append(loopback, 5, 6);
            atWakeUp.join();

            assertThat(atWakeUp).isCompletedWithValue(2);
            assertThat(pushed).extracting(RecordBatch::baseOffset).containsExactly(5L, 6L);
            assertThat(pushed).extracting(RecordBatch::leaderEpoch).containsExactly(1, 1);
            assertThat(pushed.getFirst().buffer())
                    .isEqualTo(numbered(5, 100).placedAt(5, 1).buffer());
            assertThat(loopback.publisher.status().pushedBytes()).isEqualTo(200);
        }
    }

    @Test
    void readersOfThePastAreToldWatermarksOnly() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            TailSubscriptions subscriptions = new TailSubscriptions();
            List<TailSlice> pushed = new CopyOnWriteArrayList<>();
            TailFeed tail = TailFeed.withBatches(
                    loopback.vertx, subscriptions, LoopbackStore.quick().feeds(), pushed::add);
            source(loopback, subscriptions).tail().subscribe().with(tail::accept);
            loopback.store.watermarks.put(PARTITION, at(5));
            eventually(() -> tail.follow(PARTITION).isPresent());

            append(loopback, 5, 6);
            eventually(() -> tail.follow(PARTITION).equals(Optional.of(at(7))));

            assertThat(pushed).isEmpty();
        }
    }

    private static void append(LoopbackStore loopback, long... offsets) {
        List<PlacedBatch> batches = new ArrayList<>();
        for (long offset : offsets) {
            batches.add(new PlacedBatch(PARTITION, numbered((int) offset, 100), offset, 1, -1));
        }
        Watermarks watermarks = at(batches.getLast().endOffset());
        loopback.store.watermarks.put(PARTITION, watermarks);
        loopback.publisher.publish(batches, List.of(new PartitionNews(PARTITION, watermarks)), List.of());
    }

    private static long lastHighWatermark(List<TailFrame> frames) {
        return frames.getLast() instanceof TailFrame.News news && !news.moved().isEmpty()
                ? news.moved().getLast().watermarks().highWatermark()
                : -1;
    }

    private static long versionOf(CatalogNews news) {
        return switch (news) {
            case CatalogNews.Snapshot(Catalog catalog) -> catalog.version();
            case CatalogNews.TopicChanged changed -> changed.version();
            case CatalogNews.TopicDeleted deleted -> deleted.version();
        };
    }

    private static TailFeed tail(LoopbackStore loopback, FeedOptions options) {
        TailSubscriptions subscriptions = new TailSubscriptions();
        TailFeed tail = new TailFeed(loopback.vertx, subscriptions, options);
        source(loopback, subscriptions).tail().subscribe().with(tail::accept);
        return tail;
    }

    private static FeedSource source(LoopbackStore loopback, TailSubscriptions subscriptions) {
        return new FeedSource(loopback.client, loopback.instances, subscriptions);
    }

    private static void move(LoopbackStore loopback, PartitionId id, long highWatermark) {
        loopback.store.watermarks.put(id, at(highWatermark));
        loopback.publisher.publish(List.of(), List.of(new PartitionNews(id, at(highWatermark))), List.of());
    }

    private static Watermarks at(long highWatermark) {
        return new Watermarks(0, highWatermark, highWatermark, 1);
    }

    /// As the store does it: first visible, then published.
    private static void create(LoopbackStore loopback, long version, String name) {
        Topic topic = new Topic(new TopicId(1, name.hashCode()), name, 1, Map.of());
        List<Topic> topics = new ArrayList<>(loopback.store.catalog.topics().values());
        topics.add(topic);
        loopback.store.catalog = Catalog.of("cluster-a", 1, version, topics);
        loopback.publisher.publish(List.of(), List.of(), List.of(new CatalogNews.TopicChanged(version, topic)));
    }

    private static void delete(LoopbackStore loopback, long version, String name) {
        TopicId id = loopback.store.catalog.topic(name).orElseThrow().id();
        List<Topic> topics = loopback.store.catalog.topics().values().stream()
                .filter(each -> !each.id().equals(id))
                .toList();
        loopback.store.catalog = Catalog.of("cluster-a", 1, version, topics);
        loopback.publisher.publish(List.of(), List.of(), List.of(new CatalogNews.TopicDeleted(version, id)));
    }
}
