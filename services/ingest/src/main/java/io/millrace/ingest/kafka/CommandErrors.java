package io.millrace.ingest.kafka;

import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.model.CommandOutcome;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// What tools are told about commands that did not succeed, and how long they wait for it.
final class CommandErrors {

    private static final int COMMANDS_AT_A_TIME = 16;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private CommandErrors() {}

    /// NONE for what succeeded.
    static ApiError of(CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.Refused refused -> new ApiError(KafkaErrors.of(refused.refusal()), refused.message());
            case CommandOutcome.Unknown unknown -> new ApiError(KafkaErrors.ofUnknownFate(), unknown.message());
            case CommandOutcome.TopicStored ignored -> ApiError.NONE;
            case CommandOutcome.TopicDeleted ignored -> ApiError.NONE;
            case CommandOutcome.RecordsDeleted ignored -> ApiError.NONE;
            case CommandOutcome.ResourceStored ignored -> ApiError.NONE;
            case CommandOutcome.ProducersDescribed ignored -> ApiError.NONE;
            case CommandOutcome.ProducerIds ignored -> ApiError.NONE;
        };
    }

    /// The outcome, or `Unknown` when the client's patience ends first.
    static Uni<CommandOutcome> within(int timeoutMillis, Uni<CommandOutcome> outcome) {
        Duration patience = Duration.ofNanos((long) Math.max(timeoutMillis, 1) * NANOS_PER_MILLI);
        return outcome.ifNoItem()
                .after(patience)
                .recoverWithItem(() -> new CommandOutcome.Unknown(Errors.REQUEST_TIMED_OUT.message()));
    }

    /// All of them, a few at a time, in the order of the list.
    static <T> Uni<List<T>> all(List<Uni<T>> unis) {
        return unis.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(unis).usingConcurrencyOf(COMMANDS_AT_A_TIME).andCollectFailures();
    }
}
