package io.millrace.kafka.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;

/// Frames to requests and answers to buffers, in every version, without copying records.
///
/// Threads: stateless. Errors: a frame that Kafka would not answer is [ParsedFrame.Malformed].
public final class KafkaCodec {

    /// A response's size and correlation id come before everything else.
    private static final int SIZE_BYTES = Integer.BYTES;

    private KafkaCodec() {}

    /// Parses a frame; the request's records are slices of it.
    ///
    /// @param frame without the size prefix, from position to limit; the request keeps it
    public static ParsedFrame parse(ByteBuffer frame, ClientDetails client) {
        ByteBuffer bytes = frame.slice();
        try {
            RequestHeader header = RequestHeader.parse(bytes);
            if (isUnknownApiVersions(header)) {
                return parsed(header, unsupportedApiVersions(header), client, frame);
            }
            if (!header.apiKey().isVersionEnabled(header.apiVersion(), false)) {
                return new ParsedFrame.Malformed(
                        "version " + header.apiVersion() + " of " + header.apiKey() + " is not supported");
            }
            BoundedReadable body = new BoundedReadable(bytes);
            return parsed(
                    header,
                    AbstractRequest.parseRequest(header.apiKey(), header.apiVersion(), body).request,
                    client,
                    frame);
        } catch (RuntimeException e) {
            // The codec has no type of its own for bad bytes: it throws what its first failing check throws.
            return new ParsedFrame.Malformed(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /// The answer's buffers with the size prefix, to be written one after the other; none is empty.
    ///
    /// @throws org.apache.kafka.common.errors.UnsupportedVersionException if a field is set that the version lacks
    public static List<ByteBuffer> serialize(KafkaRequest request, AbstractResponse response) {
        Send send = response.toSend(request.header().toResponseHeader(), request.version());
        BufferCapture capture = new BufferCapture();
        try {
            while (!send.completed()) {
                send.writeTo(capture);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a capture in memory does no input or output", e);
        }
        return capture.buffers();
    }

    /// The answer as one reply frame without the size prefix, as it travels between services.
    public static ByteBuffer replyFrame(KafkaRequest request, AbstractResponse response) {
        List<ByteBuffer> buffers = serialize(request, response);
        int size = -SIZE_BYTES;
        for (ByteBuffer buffer : buffers) {
            size += buffer.remaining();
        }
        ByteBuffer whole = ByteBuffer.allocate(SIZE_BYTES + size);
        buffers.forEach(whole::put);
        return whole.flip().position(SIZE_BYTES).slice();
    }

    private static ParsedFrame parsed(
            RequestHeader header, AbstractRequest body, ClientDetails client, ByteBuffer frame) {
        return new ParsedFrame.Parsed(new KafkaRequest(header, body, client, frame.slice()));
    }

    private static boolean isUnknownApiVersions(RequestHeader header) {
        return header.apiKey() == ApiKeys.API_VERSIONS && !header.isApiVersionSupported();
    }

    /// KIP-511: a newer client learns our versions from an answer of version 0.
    private static AbstractRequest unsupportedApiVersions(RequestHeader header) {
        return new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 0, header.apiVersion());
    }
}
