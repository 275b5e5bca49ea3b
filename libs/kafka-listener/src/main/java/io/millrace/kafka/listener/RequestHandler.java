package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;

/// Answers requests of one or more APIs.
///
/// Threads: called on the connection's event loop, in the order of arrival; must not block; may answer later and on
/// any thread. Errors: a failed answer, or an exception, becomes the error that the API has for it.
@FunctionalInterface
public interface RequestHandler {

    Uni<KafkaResponse> handle(KafkaRequest request);
}
