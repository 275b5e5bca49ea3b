package io.millrace.api.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.CallFailedException;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CatalogViewTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration A_WHILE = Duration.ofMillis(500);

    /// They never keep the tests from ending.
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private static final Topic ORDERS = new Topic(new TopicId(1, 1), "orders", 1, Map.of());
    private static final Topic PAYMENTS = new Topic(new TopicId(2, 2), "payments", 1, Map.of());

    private final Queue<CompletableFuture<Catalog>> questions = new ArrayDeque<>();
    private final CatalogView view = new CatalogView(_ -> {
        CompletableFuture<Catalog> question = new CompletableFuture<>();
        questions.add(question);
        return Uni.createFrom().completionStage(question);
    });

    @Test
    void changesAreAppliedInOrderAndKnownOnesAreSkipped() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5, ORDERS)));

        view.accept(new CatalogNews.TopicDeleted(5, ORDERS.id()));
        view.accept(new CatalogNews.TopicChanged(6, PAYMENTS));
        view.accept(new CatalogNews.TopicDeleted(7, ORDERS.id()));

        assertThat(view.catalog()).isEqualTo(catalog(1, 7, PAYMENTS));
    }

    @Test
    void configurationsOfResourcesComeAndGo() {
        Resource group = new Resource(Resource.Kind.GROUP, "g");
        view.accept(new CatalogNews.Snapshot(catalog(1, 5, ORDERS)));

        view.accept(new CatalogNews.ResourceChanged(6, group, Map.of("a", "b")));
        view.accept(new CatalogNews.TopicChanged(7, PAYMENTS));
        assertThat(view.catalog().configs(group)).isEqualTo(Map.of("a", "b"));

        view.accept(new CatalogNews.ResourceChanged(8, group, Map.of()));
        assertThat(view.catalog()).isEqualTo(catalog(1, 8, ORDERS, PAYMENTS));
    }

    @Test
    void anOlderSnapshotReplacesNothing() {
        view.accept(new CatalogNews.Snapshot(catalog(2, 5, ORDERS)));

        view.accept(new CatalogNews.Snapshot(catalog(2, 4)));
        view.accept(new CatalogNews.Snapshot(catalog(1, 9)));
        view.accept(new CatalogNews.TopicDeleted(10, ORDERS.id()));

        assertThat(view.catalog()).isEqualTo(catalog(2, 5, ORDERS));
    }

    @Test
    void aForeignClusterIsRefused() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5, ORDERS)));

        view.accept(new CatalogNews.Snapshot(Catalog.of("other", 9, 9, List.of())));

        assertThat(view.catalog()).isEqualTo(catalog(1, 5, ORDERS));
    }

    @Test
    void aMissingTopicIsAskedForBeforeItIsUnknown() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5)));

        CompletableFuture<Optional<Topic>> found = view.find("orders").subscribeAsCompletionStage();
        questions.remove().complete(catalog(1, 6, ORDERS));

        assertThat(found.join()).contains(ORDERS);
        assertThat(view.catalog()).isEqualTo(catalog(1, 6, ORDERS));
    }

    @Test
    void theCurrentCatalogIsWhatWalStoreAnswers() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5, ORDERS)));

        CompletableFuture<Catalog> current = view.current().subscribeAsCompletionStage();
        questions.remove().complete(catalog(1, 6, ORDERS, PAYMENTS));

        assertThat(current.join()).isEqualTo(catalog(1, 6, ORDERS, PAYMENTS));
    }

    @Test
    void whoAsksWhileAQuestionIsOnItsWaySharesTheNextOne() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5)));
        CompletableFuture<Optional<Topic>> first = view.find("orders").subscribeAsCompletionStage();

        CompletableFuture<Optional<Topic>> second = view.find(ORDERS.id()).subscribeAsCompletionStage();
        CompletableFuture<Optional<Topic>> third = view.find("orders").subscribeAsCompletionStage();
        questions.remove().complete(catalog(1, 5));
        questions.remove().complete(catalog(1, 6, ORDERS));

        assertThat(first.join()).isEmpty();
        assertThat(second.join()).contains(ORDERS);
        assertThat(third.join()).contains(ORDERS);
        assertThat(questions).isEmpty();
    }

    @Test
    void aFailedQuestionIsNotAnUnknownTopicAndTheNextOneIsAsked() {
        CompletableFuture<Optional<Topic>> first = view.find("orders").subscribeAsCompletionStage();
        CompletableFuture<Optional<Topic>> second = view.find("orders").subscribeAsCompletionStage();

        questions.remove().completeExceptionally(new CallFailedException("silence"));
        questions.remove().complete(catalog(1, 6, ORDERS));

        assertThatThrownBy(first::join).hasCauseInstanceOf(CallFailedException.class);
        assertThat(second.join()).contains(ORDERS);
    }

    @Test
    void followersGetThePresentCatalogAndThenTheNewOnes() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5)));

        AssertSubscriber<Catalog> follower = view.changes().subscribe().withSubscriber(AssertSubscriber.create(10));
        view.accept(new CatalogNews.TopicChanged(6, ORDERS));

        follower.awaitItems(2, SOON);
        assertThat(follower.getItems()).containsExactly(catalog(1, 5), catalog(1, 6, ORDERS));
    }

    @Test
    void nothingIsToldBeforeAFirstCatalogHasCome() {
        AssertSubscriber<Catalog> follower = view.changes().subscribe().withSubscriber(AssertSubscriber.create(10));

        assertThat(view.isReady()).isFalse();
        assertThat(follower.getItems()).isEmpty();
    }

    /// The follower holds what its subscription locks and wants what a change locks; the change the other way
    /// round.
    @Test
    void aFollowerMayAskWhileAChangeIsOnItsWay() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5)));
        CompletableFuture<Void> change = new CompletableFuture<>();

        CompletableFuture<Void> follower = onThread(() -> view.changes()
                .onItem()
                .invoke(_ -> {
                    change.completeAsync(() -> accepted(6), THREADS);
                    waitAWhileFor(change);
                    view.current().subscribe().with(_ -> {});
                })
                .subscribe()
                .with(_ -> {}));

        assertThat(follower).succeedsWithin(SOON);
        assertThat(change).succeedsWithin(SOON);
    }

    @Test
    void aFollowerMayWaitForAnotherWhoAsks() {
        view.accept(new CatalogNews.Snapshot(catalog(1, 5)));
        List<Boolean> answered = new CopyOnWriteArrayList<>();
        view.changes()
                .onItem()
                .invoke(_ -> answered.add(
                        waitAWhileFor(onThread(() -> view.current().subscribe().with(_ -> {})))))
                .subscribe()
                .with(_ -> {});

        view.accept(new CatalogNews.TopicChanged(6, ORDERS));

        assertThat(answered).containsExactly(true, true);
    }

    private Void accepted(long version) {
        view.accept(new CatalogNews.TopicChanged(version, ORDERS));
        return null;
    }

    /// @return whether it was over in time
    private static boolean waitAWhileFor(CompletableFuture<Void> other) {
        return other.copy()
                .completeOnTimeout(null, A_WHILE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(_ -> other.isDone())
                .join();
    }

    private static CompletableFuture<Void> onThread(Runnable action) {
        return CompletableFuture.runAsync(action, THREADS);
    }

    private static Catalog catalog(int ownerEpoch, long version, Topic... topics) {
        return Catalog.of("cluster-a", ownerEpoch, version, List.of(topics));
    }
}
