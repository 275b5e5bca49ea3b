package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;

/// Passes a request on, as the frame it came in, to the service that owns its API.
///
/// Threads and errors: as [RequestHandler].
@FunctionalInterface
public interface Forwarder {

    Uni<KafkaResponse> forward(KafkaRequest request);
}
