package io.millrace.kafka.handlers;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/// Answers that are known at once.
public final class Answers {

    private Answers() {}

    public static Uni<KafkaResponse> of(AbstractResponse body) {
        return Uni.createFrom().item(new KafkaResponse.Answer(body));
    }

    /// The error wherever the request's answer has room for one; Kafka hangs up on a producer that wants no answer.
    public static Uni<KafkaResponse> error(KafkaRequest request, Errors error, String message) {
        AbstractResponse body = request.body().getErrorResponse(0, error.exception(message));
        return Uni.createFrom()
                .item(body == null ? new KafkaResponse.Disconnect(message) : new KafkaResponse.Answer(body));
    }
}
