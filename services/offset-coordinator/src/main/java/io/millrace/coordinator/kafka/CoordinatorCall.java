package io.millrace.coordinator.kafka;

import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/// Turns the coordinator's future into the answer of a request.
///
/// The coordinator is called before anyone subscribes, so that the requests of a connection are started in their order.
///
/// Threads: completes on the coordinator's; the connection goes back to its own.
final class CoordinatorCall {

    private CoordinatorCall() {}

    static <T> Uni<KafkaResponse> answer(
            KafkaRequest request, CompletableFuture<T> call, Function<T, AbstractResponse> response) {
        return Uni.createFrom()
                .completionStage(call)
                .<KafkaResponse>map(result -> new KafkaResponse.Answer(response.apply(result)))
                .onFailure()
                .recoverWithItem(failure -> failed(request, failure));
    }

    private static KafkaResponse failed(KafkaRequest request, Throwable failure) {
        return new KafkaResponse.Answer(
                request.body().getErrorResponse(0, error(failure).exception()));
    }

    /// What a client is told of a failure; all of the coordinator's own have an error code.
    static Errors error(Throwable failure) {
        return KafkaErrors.of(failure);
    }
}
