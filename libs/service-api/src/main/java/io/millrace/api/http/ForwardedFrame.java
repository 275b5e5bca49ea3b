package io.millrace.api.http;

import io.millrace.api.TraceId;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A client's Kafka frame on its way to the service that owns the API.
///
/// Ownership: the buffer belongs to whoever holds the record; position to limit is the frame without its size prefix.
///
/// @param listener the name of the listener that the client used
public record ForwardedFrame(
        ByteBuffer frame, String clientHost, int clientPort, String listener, Optional<TraceId> traceId) {

    public ForwardedFrame(ByteBuffer frame, String clientHost, int clientPort, String listener) {
        this(frame, clientHost, clientPort, listener, Optional.empty());
    }
}
