package io.millrace.api.http;

import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Sends a client's Kafka frame to the service that owns the API, and brings its reply frame back.
///
/// Threads: from any thread. Errors: fails with [io.millrace.api.CallFailedException]; the frame may have been handled
/// then.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class FrameForwarder {
    private final InternalClient client;

    public FrameForwarder(InternalClient client) {
        this.client = client;
    }

    public Uni<Optional<ByteBuffer>> forward(Instance to, ForwardedFrame frame) {
        throw new UnsupportedOperationException("in the next commit");
    }
}
