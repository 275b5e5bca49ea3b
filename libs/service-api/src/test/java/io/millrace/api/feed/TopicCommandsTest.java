package io.millrace.api.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.CallFailedException;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TopicCommandsTest {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final Topic ORDERS = new Topic(new TopicId(1, 1), "orders", 1, Map.of());
    private static final CommandOutcome STORED = new CommandOutcome.TopicStored(ORDERS);
    private static final CommandOutcome DELETED = new CommandOutcome.TopicDeleted(ORDERS.id());
    private static final Command DELETE = new Command.DeleteTopic(ORDERS.id());

    private final CompletableFuture<Catalog> question = new CompletableFuture<>();
    private final CatalogView view = new CatalogView(_ -> Uni.createFrom().completionStage(question));

    @Test
    void aDeletedTopicIsAnsweredWhenTheFeedHasBroughtIt() {
        view.accept(new CatalogNews.Snapshot(catalog(5, ORDERS)));

        CompletableFuture<CommandOutcome> answer = execute(DELETE, DELETED, NEVER);
        boolean isAnsweredBefore = answer.isDone();
        view.accept(new CatalogNews.TopicDeleted(6, ORDERS.id()));

        assertThat(isAnsweredBefore).isFalse();
        assertThat(answer).isCompletedWithValue(DELETED);
    }

    @Test
    void aChangedTopicIsAnsweredWhenTheFeedHasBroughtIt() {
        view.accept(new CatalogNews.Snapshot(catalog(5)));

        CompletableFuture<CommandOutcome> answer = execute(create(Command.Mode.EXECUTE), STORED, NEVER);
        boolean isAnsweredBefore = answer.isDone();
        view.accept(new CatalogNews.TopicChanged(6, ORDERS));

        assertThat(isAnsweredBefore).isFalse();
        assertThat(answer).isCompletedWithValue(STORED);
    }

    @Test
    void walStoreIsAskedWhenTheFeedIsSilent() {
        view.accept(new CatalogNews.Snapshot(catalog(5, ORDERS)));
        question.complete(catalog(6));

        CompletableFuture<CommandOutcome> answer = execute(DELETE, DELETED, Duration.ofMillis(1));

        assertThat(answer.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo(DELETED);
        assertThat(view.catalog()).isEqualTo(catalog(6));
    }

    @Test
    void whatWasDoneIsAnsweredAlsoWhenNobodyTellsTheCatalog() {
        view.accept(new CatalogNews.Snapshot(catalog(5, ORDERS)));
        question.completeExceptionally(new CallFailedException("silence"));

        CompletableFuture<CommandOutcome> answer = execute(DELETE, DELETED, Duration.ofMillis(1));

        assertThat(answer.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo(DELETED);
    }

    @Test
    void whatChangesNothingIsAnsweredAtOnce() {
        view.accept(new CatalogNews.Snapshot(catalog(5)));

        CompletableFuture<CommandOutcome> validated = execute(create(Command.Mode.VALIDATE_ONLY), STORED, NEVER);
        CompletableFuture<CommandOutcome> unknown = execute(DELETE, new CommandOutcome.Unknown("silence"), NEVER);

        assertThat(validated).isCompletedWithValue(STORED);
        assertThat(unknown).isCompleted();
    }

    private CompletableFuture<CommandOutcome> execute(Command command, CommandOutcome outcome, Duration changeWait) {
        return new TopicCommands(_ -> Uni.createFrom().item(outcome), view, changeWait)
                .execute(command)
                .subscribeAsCompletionStage();
    }

    private static Command create(Command.Mode mode) {
        return new Command.CreateTopic(ORDERS.name(), 1, -1, Map.of(), mode);
    }

    private static Catalog catalog(long version, Topic... topics) {
        return Catalog.of("cluster", 1, version, List.of(topics));
    }
}
