package io.millrace.kafka.wire;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.common.requests.AbstractResponse;

/// What a client gets for its request.
///
/// Threads: immutable, but for the body, which its maker must not change any more.
public sealed interface KafkaResponse {

    /// An answer of this instance.
    ///
    /// @param released runs exactly once, on any thread, when the body's bytes are no longer held: they left, or
    /// the connection is gone
    record Answer(AbstractResponse body, Runnable released) implements KafkaResponse {
        public Answer {
            Objects.requireNonNull(body);
            Objects.requireNonNull(released);
        }

        public Answer(AbstractResponse body) {
            this(body, () -> {});
        }
    }

    /// The reply of another instance, correlation id included, without the size prefix.
    record Forwarded(ByteBuffer frame) implements KafkaResponse {}

    /// The client expects no answer: Produce with acks=0.
    ///
    /// @param throttleMillis for how long the client is not to be read from
    record Silence(int throttleMillis) implements KafkaResponse {
        public Silence() {
            this(0);
        }
    }

    /// The connection closes after the earlier answers went out; Kafka does so where the protocol has no error.
    record Disconnect(String reason) implements KafkaResponse {}
}
