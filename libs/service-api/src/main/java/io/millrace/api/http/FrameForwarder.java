package io.millrace.api.http;

import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Sends a client's Kafka frame to the service that owns the API, and brings its reply frame back.
///
/// Threads: from any thread.
/// Errors: fails with [io.millrace.api.CallFailedException]; the frame may have been handled then.
public final class FrameForwarder {

    private final InternalClient client;

    public FrameForwarder(InternalClient client) {
        this.client = client;
    }

    /// The reply frame without its size prefix, or empty when the API has no reply.
    public Uni<Optional<ByteBuffer>> forward(Instance to, ForwardedFrame frame) {
        WireWriter body = new WireWriter(256);
        FrameCodec.write(body, frame);
        Call call = Call.post(
                to.internal(), Paths.FRAME, body, client.options().calls().frame());
        return Exchange.start(client.vertx(), client.frames(), call, client::wholeBody, frame.traceId())
                .map(reply -> reply.hasRemaining() ? Optional.of(reply) : Optional.empty());
    }
}
