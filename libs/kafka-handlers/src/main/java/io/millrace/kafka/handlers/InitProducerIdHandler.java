package io.millrace.kafka.handlers;

import io.millrace.kafka.handlers.ProducerIds.Grant;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/// Answers InitProducerId for idempotent producers; each request gets a producer id that nobody had before, with epoch
/// 0.
///
/// Source: KIP-98, KIP-360.
final class InitProducerIdHandler implements RequestHandler {

    private final ProducerIds producerIds;

    InitProducerIdHandler(ProducerIds producerIds) {
        this.producerIds = producerIds;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        InitProducerIdRequest body = (InitProducerIdRequest) request.body();
        String transactionalId = body.data().transactionalId();
        if (transactionalId != null && transactionalId.isEmpty()) {
            return Answers.of(response(Errors.INVALID_REQUEST));
        }
        if (transactionalId != null) {
            return Answers.of(response(Errors.UNSUPPORTED_VERSION));
        }
        return producerIds.next().map(grant -> new KafkaResponse.Answer(response(grant)));
    }

    private static InitProducerIdResponse response(Grant grant) {
        return switch (grant) {
            case Grant.ProducerId granted ->
                new InitProducerIdResponse(new InitProducerIdResponseData()
                        .setProducerId(granted.id())
                        .setProducerEpoch((short) 0));
            case Grant.Refused refused -> response(KafkaErrors.of(refused.refusal()));
            // What producers retry here without a fuss.
            case Grant.NotNow ignored -> response(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        };
    }

    private static InitProducerIdResponse response(Errors error) {
        return new InitProducerIdResponse(new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(RecordBatch.NO_PRODUCER_ID)
                .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH));
    }
}
