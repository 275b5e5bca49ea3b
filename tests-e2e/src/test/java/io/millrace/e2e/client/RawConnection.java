package io.millrace.e2e.client;

import io.millrace.e2e.cluster.HostPort;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// One socket that sends exactly what it is told, request by request or byte by byte.
///
/// Threads: one. Errors: `UncheckedIOException` when the connection breaks; an answer that is not the next one, or
/// not of the request's version, is an assertion error.
public final class RawConnection implements AutoCloseable {
    /// What each of its requests says it comes from.
    public static final String CLIENT_ID = "raw";

    private static final int FRAME_LIMIT = 64 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private int nextCorrelationId = 1;

    private record Sent(ApiKeys api, short version, int correlationId) {}

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    public static RawConnection open(HostPort address) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), 5_000);
            return over(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot connect to " + address, failed);
        }
    }

    /// Opens one that says it is Kafka's Java client, the only one that ingest sends to a fetch instance (KIP-392).
    public static RawConnection openAsJavaClient(HostPort address) {
        RawConnection connection = open(address);
        connection.call(
                new ApiVersionsRequestData()
                        .setClientSoftwareName("apache-kafka-java")
                        .setClientSoftwareVersion("4.3.1"),
                3,
                ApiVersionsResponseData.class);
        return connection;
    }

    /// Takes over a socket that is connected.
    public static RawConnection over(Socket socket) throws IOException {
        return new RawConnection(socket);
    }

    /// Sends the request and waits for its answer.
    public <T extends ApiMessage> T call(ApiMessage request, int version, Class<T> answer) {
        post(request, version);
        return receive(answer);
    }

    /// Sends the request and does not wait.
    public void post(ApiMessage request, int version) {
        postBytes(frame(request, version));
        unanswered.add(new Sent(ApiKeys.forId(request.apiKey()), (short) version, nextCorrelationId++));
    }

    /// Sends a request that has no answer: a Produce with acks=0.
    public void postUnanswered(ApiMessage request, int version) {
        postBytes(frame(request, version));
        nextCorrelationId++;
    }

    /// The answer to the oldest request that has none yet.
    public <T extends ApiMessage> T receive(Class<T> type) {
        Sent sent = unanswered.remove();
        ByteBuffer frame = receiveFrame()
                .orElseThrow(
                        () -> new UncheckedIOException(new EOFException("closed instead of an answer to " + sent)));
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        ResponseHeaderData header = new ResponseHeaderData(readable, sent.api.responseHeaderVersion(sent.version));
        if (header.correlationId() != sent.correlationId) {
            throw new AssertionError("expected the answer to " + sent + ", got " + header);
        }
        ApiMessage answer = sent.api.messageType.newResponse();
        answer.read(readable, sent.version);
        if (readable.remaining() != 0) {
            throw new AssertionError(readable.remaining() + " bytes behind the answer to " + sent);
        }
        return type.cast(answer);
    }

    /// The request as it goes over the wire, its size first.
    public ByteBuffer frame(ApiMessage request, int version) {
        ApiKeys api = ApiKeys.forId(request.apiKey());
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion((short) version)
                .setClientId(CLIENT_ID)
                .setCorrelationId(nextCorrelationId);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion((short) version))
                .buffer();
        ByteBuffer body =
                MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
        ByteBuffer frame = ByteBuffer.allocate(4 + head.remaining() + body.remaining());
        return frame.putInt(head.remaining() + body.remaining())
                .put(head)
                .put(body)
                .flip();
    }

    public void postBytes(ByteBuffer bytes) {
        try {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            out.write(copy);
            out.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The next frame without its size; empty when the other side has closed the connection.
    public Optional<ByteBuffer> receiveFrame() {
        try {
            int size = in.readInt();
            if (size < 0 || size > FRAME_LIMIT) {
                throw new AssertionError("a frame of " + size + " bytes");
            }
            return Optional.of(ByteBuffer.wrap(in.readNBytes(size)));
        } catch (EOFException closed) {
            return Optional.empty();
        } catch (SocketException reset) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Says that nothing more will be sent; answers may still come.
    public void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (SocketException alreadyClosed) {
            // The other side was first, which is what the caller wants to find out by reading.
            return;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Closes as a process does that crashed: the other side is told with a reset.
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException failed) {
            throw new UncheckedIOException(failed);
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
