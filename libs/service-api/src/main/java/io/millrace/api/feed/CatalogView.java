package io.millrace.api.feed;

import io.millrace.api.LatestValue;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The catalog as this process knows it: fed by the catalog feed, and by a question to wal-store where something is
/// missing. It never goes back: neither an older snapshot nor a change that is known replaces anything.
///
/// Threads: all methods from any thread.
public final class CatalogView {

    private static final Logger LOG = Logger.getLogger(CatalogView.class);
    private static final Catalog NOTHING = Catalog.of("", 0, 0, List.of());

    private final Function<Catalog, Uni<Catalog>> store;
    private final LatestValue<Catalog> catalog = new LatestValue<>(NOTHING);

    /// Guards the order of changes, and the questions on their way.
    private final ReentrantLock lock = new ReentrantLock();

    private boolean isFollowing;
    private @Nullable CompletableFuture<Catalog> asked;
    private @Nullable CompletableFuture<Catalog> askedNext;

    /// @param store asks wal-store itself for its catalog, given the one that is known; see `StoreClient.catalogSince`
    public CatalogView(Function<Catalog, Uni<Catalog>> store) {
        this.store = store;
    }

    /// The latest known catalog; empty before [#isReady].
    public Catalog catalog() {
        return catalog.value();
    }

    /// Whether a first catalog has come.
    public boolean isReady() {
        return isKnown(catalog());
    }

    /// The present catalog at once if there is one, then each newer one; a slow subscriber skips some.
    public Multi<Catalog> changes() {
        return catalog.changes().filter(CatalogView::isKnown);
    }

    /// The catalog as wal-store has it now; fails with [CallFailedException] when it cannot be asked.
    public Uni<Catalog> current() {
        return Uni.createFrom().completionStage(this::ask);
    }

    /// The topic, looked up at wal-store before it is said not to exist; fails with [CallFailedException] when that
    /// look-up fails.
    public Uni<Optional<Topic>> find(String name) {
        return find(each -> each.topic(name));
    }

    public Uni<Optional<Topic>> find(TopicId id) {
        return find(each -> each.topic(id));
    }

    /// The next message of the channel, in order.
    public void accept(CatalogNews news) {
        lock.lock();
        try {
            switch (news) {
                case CatalogNews.Snapshot(Catalog snapshot) -> isFollowing = acceptSnapshot(snapshot);
                case CatalogNews.TopicChanged(long version, Topic topic) ->
                    acceptChange(version, known -> known.with(version, topic));
                case CatalogNews.TopicDeleted(long version, TopicId topicId) ->
                    acceptChange(version, known -> known.without(version, topicId));
                case CatalogNews.ResourceChanged(long version, Resource resource, Map<String, String> configs) ->
                    acceptChange(version, known -> known.with(version, resource, configs));
            }
        } finally {
            lock.unlock();
        }
        catalog.publish();
    }

    /// @return false if it comes from a foreign cluster or from an owner whose time is over
    private boolean acceptSnapshot(Catalog snapshot) {
        Catalog known = catalog();
        if (isReady() && !known.clusterId().equals(snapshot.clusterId())) {
            LOG.errorf(
                    "catalog of a foreign cluster refused known=%s foreign=%s",
                    known.clusterId(), snapshot.clusterId());
            return false;
        }
        if (snapshot.ownerEpoch() < known.ownerEpoch()) {
            return false;
        }
        if (!isReady() || snapshot.ownerEpoch() > known.ownerEpoch() || snapshot.version() > known.version()) {
            catalog.set(snapshot);
        }
        return true;
    }

    private void acceptChange(long version, UnaryOperator<Catalog> change) {
        Catalog known = catalog();
        if (isFollowing && version > known.version()) {
            catalog.set(change.apply(known));
        }
    }

    private Uni<Optional<Topic>> find(Function<Catalog, Optional<Topic>> lookUp) {
        return Uni.createFrom().deferred(() -> {
            Optional<Topic> known = lookUp.apply(catalog());
            return known.isPresent()
                    ? Uni.createFrom().item(known)
                    : Uni.createFrom().completionStage(ask()).map(lookUp);
        });
    }

    /// One question at a time; whoever comes while it is on its way shares the next, because this one may have been
    /// answered before the topic that he looks for was made.
    private CompletableFuture<Catalog> ask() {
        CompletableFuture<Catalog> question;
        lock.lock();
        try {
            if (asked != null) {
                if (askedNext == null) {
                    askedNext = new CompletableFuture<>();
                }
                return askedNext.copy();
            }
            question = new CompletableFuture<>();
            asked = question;
        } finally {
            lock.unlock();
        }
        send(question);
        return question.copy();
    }

    private void send(CompletableFuture<Catalog> question) {
        store.apply(catalog())
                .subscribe()
                .with(
                        answer -> {
                            answered(answer);
                            question.complete(catalog());
                        },
                        failure -> {
                            askNext();
                            question.completeExceptionally(failure);
                        });
    }

    private void answered(Catalog answer) {
        lock.lock();
        try {
            acceptSnapshot(answer);
        } finally {
            lock.unlock();
        }
        catalog.publish();
        askNext();
    }

    private void askNext() {
        CompletableFuture<Catalog> next;
        lock.lock();
        try {
            next = askedNext;
            asked = next;
            askedNext = null;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            send(next);
        }
    }

    private static boolean isKnown(Catalog each) {
        return !each.clusterId().isEmpty();
    }
}
