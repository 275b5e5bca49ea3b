package io.millrace.api.http;

import static io.millrace.api.http.LoopbackStore.PATIENCE;
import static io.millrace.api.http.LoopbackStore.eventually;
import static io.millrace.api.http.TestBatches.PARTITION;
import static io.millrace.api.http.TestBatches.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.feed.CatalogView;
import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A peer that is stopped closes nothing; only its silence tells.
final class SilenceTest {

    @Test
    void appendsToASilentStoreAreUnknownInBoundedTimeAndLaterOnesPass() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            FrozenNetwork network = FrozenNetwork.before(loopback);
            StoreClient client = loopback.appendingClient();
            assertThat(client.append(PARTITION, numbered(0, 100)).await().atMost(PATIENCE))
                    .isInstanceOf(AppendOutcome.Appended.class);

            network.freeze();
            List<Uni<AppendOutcome>> answers = new ArrayList<>();
            IntStream.range(1, 100).forEach(i -> answers.add(client.append(PARTITION, numbered(i, 20_000))));
            List<AppendOutcome> outcomes =
                    Uni.join().all(answers).andFailFast().await().atMost(Duration.ofSeconds(10));
            network.thaw();
            eventually(() -> client.appendStream().isConnected());
            AppendOutcome later =
                    client.append(PARTITION, numbered(1_000, 100)).await().atMost(PATIENCE);

            assertThat(outcomes).allMatch(outcome -> outcome instanceof AppendOutcome.Unknown);
            assertThat(later).isEqualTo(new AppendOutcome.Appended(1_000, 0, -1));
            assertThat(loopback.store.appendedNumbers).doesNotHaveDuplicates();
        }
    }

    @Test
    void feedsOfASilentStoreBreakAndComeBackWithEverythingThatHappened() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            FrozenNetwork network = FrozenNetwork.before(loopback);
            TailSubscriptions subscriptions = new TailSubscriptions();
            FeedSource source = new FeedSource(loopback.client, loopback.instances, subscriptions);
            TailFeed tail = new TailFeed(loopback.vertx, subscriptions, loopback.options.feeds());
            CatalogView view = new CatalogView(loopback.storeClient()::catalogSince);
            CompletableFuture<Void> broken = new CompletableFuture<>();
            source.tail().subscribe().with(frame -> {
                tail.accept(frame);
                if (frame instanceof TailFrame.Broken) {
                    broken.complete(null);
                }
            });
            source.catalog().subscribe().with(view::accept);
            loopback.store.watermarks.put(PARTITION, new Watermarks(0, 5, 5, 1));
            CompletableFuture<Void> waiting =
                    tail.awaitNews(Map.of(PARTITION, 5L), Duration.ofMinutes(5)).subscribeAsCompletionStage();
            eventually(() -> tail.follow(PARTITION).isPresent() && view.isReady());

            network.freeze();
            waiting.join();
            // A feed that is only quiet yet would go on where it was, with what its store says by it.
            broken.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            loopback.store.watermarks.put(PARTITION, new Watermarks(0, 9, 9, 1));
            loopback.store.catalog = Catalog.of("cluster-a", 1, 8, List.of());
            // The catalog's feed gets it this way if it has not noticed the silence yet, else with its next snapshot.
            loopback.publisher.publish(
                    List.of(), List.of(), List.of(new CatalogNews.TopicDeleted(8, PARTITION.topicId())));
            network.thaw();
            eventually(() ->
                    view.catalog().version() == 8 && tail.follow(PARTITION).isPresent());

            assertThat(tail.follow(PARTITION)).contains(new Watermarks(0, 9, 9, 1));
        }
    }

    @Test
    void aStoreIsNotTakenForSilentWhileItOnlyRefusesToReadMore() {
        AppendOptions append = new AppendOptions(1 << 20, 8 << 20, 100_000, Duration.ofSeconds(60));
        try (LoopbackStore loopback = new LoopbackStore(LoopbackStore.quickWith(append))) {
            StoreClient client = loopback.appendingClient();
            loopback.store.isHolding = true;
            List<Uni<AppendOutcome>> answers = new ArrayList<>();
            IntStream.range(0, 500).forEach(i -> answers.add(client.append(PARTITION, numbered(i, 10_000))));

            // Longer than the silence that would end the stream.
            Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .by(Duration.ofSeconds(3))
                    .await()
                    .atMost(PATIENCE);
            loopback.store.release();

            assertThat(Uni.join().all(answers).andFailFast().await().atMost(PATIENCE))
                    .allMatch(outcome -> outcome instanceof AppendOutcome.Appended);
            assertThat(client.appendStream().connects()).isEqualTo(1);
        }
    }
}
