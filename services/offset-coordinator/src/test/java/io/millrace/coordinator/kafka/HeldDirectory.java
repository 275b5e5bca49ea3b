package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The topics that a test shows; what is looked up beyond them waits until the test answers for wal-store.
///
/// Threads: any.
final class HeldDirectory implements TopicDirectory {

    private static final long PATIENCE_SECONDS = 20;

    private final BlockingDeque<CompletableFuture<Catalog>> questions = new LinkedBlockingDeque<>();

    // Written by the test.
    private volatile Catalog catalog;

    HeldDirectory(Catalog catalog) {
        this.catalog = catalog;
    }

    void show(Catalog newer) {
        catalog = newer;
    }

    /// Answers the oldest question with what is shown now, as soon as there is one.
    void answerFirst() {
        question().complete(catalog);
    }

    void answerLast() {
        questions.removeLast().complete(catalog);
    }

    void fail() {
        question().completeExceptionally(new StoreSilence("wal-store is silent"));
    }

    private CompletableFuture<Catalog> question() {
        try {
            return Objects.requireNonNull(questions.pollFirst(PATIENCE_SECONDS, TimeUnit.SECONDS), "nobody asks");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public Uni<Catalog> ready() {
        return Uni.createFrom().item(catalog);
    }

    @Override
    public Uni<Catalog> current() {
        return ready();
    }

    @Override
    public Uni<Optional<Topic>> find(String name) {
        return find(each -> each.topic(name));
    }

    @Override
    public Uni<Optional<Topic>> find(TopicId id) {
        return find(each -> each.topic(id));
    }

    private Uni<Optional<Topic>> find(Function<Catalog, Optional<Topic>> lookUp) {
        return Uni.createFrom().deferred(() -> {
            Optional<Topic> known = lookUp.apply(catalog);
            if (known.isPresent()) {
                return Uni.createFrom().item(known);
            }
            CompletableFuture<Catalog> question = new CompletableFuture<>();
            questions.add(question);
            return Uni.createFrom().completionStage(question).map(lookUp);
        });
    }
}
