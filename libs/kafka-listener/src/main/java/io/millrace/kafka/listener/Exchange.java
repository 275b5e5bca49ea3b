package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// A request on its way to its answer.
///
/// Threads: the connection's event loop.
final class Exchange {

    private final @Nullable KafkaRequest request;
    private final int requestBytes;
    private final long startedNanos;
    private @Nullable KafkaResponse response;

    /// @param request null if the frame was no request
    Exchange(@Nullable KafkaRequest request, int requestBytes, long startedNanos) {
        this.request = request;
        this.requestBytes = requestBytes;
        this.startedNanos = startedNanos;
    }

    Optional<KafkaRequest> request() {
        return Optional.ofNullable(request);
    }

    boolean isFetch() {
        return request != null && request.api() == ApiKeys.FETCH;
    }

    int requestBytes() {
        return requestBytes;
    }

    long startedNanos() {
        return startedNanos;
    }

    Optional<KafkaResponse> response() {
        return Optional.ofNullable(response);
    }

    void answer(KafkaResponse answer) {
        response = answer;
    }
}
