package io.millrace.kafka.wire;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// One request of a Kafka client, parsed.
///
/// Threads: immutable, but for the body, which nobody may change.
/// Ownership: the body's records are slices of the frame, a heap buffer of the request's own; both may outlive the
/// answer.
public final class KafkaRequest {

    private final RequestHeader header;
    private final AbstractRequest body;
    private final ClientDetails client;
    private final ByteBuffer frame;

    KafkaRequest(RequestHeader header, AbstractRequest body, ClientDetails client, ByteBuffer frame) {
        this.header = Objects.requireNonNull(header);
        this.body = Objects.requireNonNull(body);
        this.client = Objects.requireNonNull(client);
        this.frame = frame.asReadOnlyBuffer();
    }

    public ApiKeys api() {
        return header.apiKey();
    }

    /// The version of the body; for an ApiVersions request of a version that we do not know, the one to answer with.
    public short version() {
        return body.version();
    }

    public int correlationId() {
        return header.correlationId();
    }

    /// Empty if the client gave none.
    public String clientId() {
        return header.clientId();
    }

    public ClientDetails client() {
        return client;
    }

    public AbstractRequest body() {
        return body;
    }

    /// The frame's bytes without the size prefix, read-only, position 0.
    public ByteBuffer frame() {
        return frame.duplicate();
    }

    RequestHeader header() {
        return header;
    }

    @Override
    public String toString() {
        return "KafkaRequest[" + header.apiKey() + " v" + header.apiVersion() + " from " + client.host() + "]";
    }
}
