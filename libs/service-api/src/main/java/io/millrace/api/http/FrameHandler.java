package io.millrace.api.http;

import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Answers Kafka frames that another service forwarded.
///
/// Threads: called on an event loop, never blocks it; may answer on any thread.
public interface FrameHandler {

    /// The reply frame without its size prefix, or empty when the client expects no reply.
    Uni<Optional<ByteBuffer>> handle(ForwardedFrame frame);
}
