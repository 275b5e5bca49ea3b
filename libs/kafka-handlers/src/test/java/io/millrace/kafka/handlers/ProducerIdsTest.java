package io.millrace.kafka.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.handlers.ProducerIds.Grant;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ProducerIdsTest {

    private final List<CompletableFuture<CommandOutcome>> commands = new ArrayList<>();
    private final ProducerIds ids = new ProducerIds(this::execute, 3);

    @Test
    void manyWhoAskAtOnceShareTheBlocksAndGetDifferentIds() {
        List<CompletableFuture<Grant>> grants = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            grants.add(ids.next().subscribeAsCompletionStage());
        }
        assertThat(commands).as("all wait for the same block").hasSize(1);

        commands.get(0).complete(new CommandOutcome.ProducerIds(100, 3));
        commands.get(1).complete(new CommandOutcome.ProducerIds(200, 3));
        commands.get(2).complete(new CommandOutcome.ProducerIds(300, 3));

        assertThat(grants)
                .extracting(grant -> ((Grant.ProducerId) grant.join()).id())
                .containsExactlyInAnyOrder(100L, 101L, 102L, 200L, 201L, 202L, 300L);
    }

    @Test
    void aLostBlockIsForgottenAndTheNextAskerFetchesAnother() {
        CompletableFuture<Grant> first = ids.next().subscribeAsCompletionStage();
        commands.get(0).complete(new CommandOutcome.Unknown("silent"));
        CompletableFuture<Grant> second = ids.next().subscribeAsCompletionStage();
        commands.get(1).complete(new CommandOutcome.ProducerIds(5, 3));

        assertThat(first.join()).isInstanceOf(Grant.NotNow.class);
        assertThat(second.join()).isEqualTo(new Grant.ProducerId(5));
    }

    @Test
    void aRefusalIsPassedOn() {
        CompletableFuture<Grant> grant = ids.next().subscribeAsCompletionStage();
        commands.get(0).complete(new CommandOutcome.Refused(Refusal.DISK_FULL, "full"));

        assertThat(grant.join()).isEqualTo(new Grant.Refused(Refusal.DISK_FULL, "full"));
    }

    private Uni<CommandOutcome> execute(Command command) {
        CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
        commands.add(answer);
        return Uni.createFrom().completionStage(answer);
    }
}
