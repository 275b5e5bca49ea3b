package io.millrace.kafka.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.handlers.AutomaticTopics.Found;
import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AutomaticTopicsTest {

    private static final Topic ORDERS = new Topic(new TopicId(1, 2), "orders", 1, Map.of());

    private final List<CompletableFuture<CommandOutcome>> commands = new ArrayList<>();
    private final AutomaticTopics topics = new AutomaticTopics(new OneTopic(), this::execute);

    @Test
    void sixtyFourWhoAskAtOnceShareOneCommandAndGetOneTopic() {
        List<CompletableFuture<Found>> found = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            found.add(topics.create("orders").subscribeAsCompletionStage());
        }

        commands.getFirst().complete(new CommandOutcome.TopicStored(ORDERS));

        assertThat(commands).hasSize(1);
        assertThat(found).extracting(CompletableFuture::join).containsOnly(new Found.Known(ORDERS));
    }

    @Test
    void whoLosesARaceAgainstAnotherInstanceGetsItsTopic() {
        CompletableFuture<Found> found = topics.create("orders").subscribeAsCompletionStage();

        commands.getFirst().complete(new CommandOutcome.Refused(Refusal.TOPIC_EXISTS, "exists"));

        assertThat(found.join()).isEqualTo(new Found.Known(ORDERS));
    }

    @Test
    void aSilentStoreIsNotTakenForAnUnknownTopic() {
        CompletableFuture<Found> found = topics.create("orders").subscribeAsCompletionStage();
        commands.getFirst().complete(new CommandOutcome.Unknown("silent"));

        assertThat(found.join()).isEqualTo(new Found.NotNow());
        CompletableFuture<Found> second = topics.create("orders").subscribeAsCompletionStage();

        assertThat(second).isNotDone();
        assertThat(commands).as("asked anew").hasSize(2);
    }

    private Uni<CommandOutcome> execute(Command command) {
        CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
        commands.add(answer);
        return Uni.createFrom().completionStage(answer);
    }

    /// A cluster in which somebody has created `orders`.
    private static final class OneTopic implements TopicDirectory {

        @Override
        public Catalog catalog() {
            return Catalog.of("cluster", 1, 1, List.of(ORDERS));
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Uni<Catalog> ready() {
            return Uni.createFrom().item(catalog());
        }

        @Override
        public Uni<Catalog> current() {
            return ready();
        }

        @Override
        public Uni<Optional<Topic>> find(String name) {
            return Uni.createFrom().item(catalog().topic(name));
        }

        @Override
        public Uni<Optional<Topic>> find(TopicId id) {
            return Uni.createFrom().item(catalog().topic(id));
        }
    }
}
