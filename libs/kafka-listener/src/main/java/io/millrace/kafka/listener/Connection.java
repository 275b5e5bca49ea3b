package io.millrace.kafka.listener;

import io.millrace.kafka.listener.ListenerEvents.CloseReason;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaCodec;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.ParsedFrame;
import io.netty.channel.ChannelFuture;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.impl.NetSocketInternal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.jspecify.annotations.Nullable;

/// One client's connection: starts its requests in the order of arrival and answers them in that order.
///
/// A request is in flight until its answer left; when too many requests or bytes are, the socket is not read. Of
/// Fetch, whose answers are larger than all others, one is under way at a time.
///
/// Threads: the connection's event loop; answers may come on any thread and hop here.
final class Connection implements FrameAssembler.Intake {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ListenerScope scope;
    private final NetSocketInternal socket;
    private final ContextInternal context;
    private final Consumer<Connection> onClosed;
    private final FrameAssembler assembler;
    private final OutputQueue output;

    /// Those not handed to the output yet, oldest first.
    private final Queue<Exchange> exchanges = new ArrayDeque<>();

    /// Those that wait for an earlier Fetch.
    private final Queue<Exchange> heldFetches = new ArrayDeque<>();

    private ClientDetails client;
    private boolean isFetchInFlight;
    private int inFlightRequests;
    private long inFlightBytes;
    private long lastActivityNanos;
    private boolean isReadingOver;
    private boolean isMuted;
    private long mutedUntilNanos;
    private boolean isClosed;
    private CloseReason closeReason = CloseReason.BY_PEER;
    private String closeDetail = "";

    Connection(ListenerScope scope, NetSocketInternal socket, ContextInternal context, Consumer<Connection> onClosed) {
        this.scope = scope;
        this.socket = socket;
        this.context = context;
        this.onClosed = onClosed;
        this.client = ClientDetails.unnamed(
                socket.remoteAddress().hostAddress(),
                socket.remoteAddress().port(),
                scope.options().name());
        this.assembler = new FrameAssembler(scope, this);
        this.output = new OutputQueue(socket, this::touch);
        this.lastActivityNanos = scope.nanoTime();
    }

    /// Takes the socket; Vert.x calls it before the first byte is read.
    void open() {
        socket.channelHandlerContext().pipeline().addBefore("handler", "frames", assembler);
        socket.messageHandler(frame -> frameArrived((ByteBuffer) frame));
        socket.exceptionHandler(failure -> closeDetail = String.valueOf(failure.getMessage()));
        socket.closeHandler(ignored -> closed());
        scope.events().connectionOpened();
    }

    @Override
    public boolean isOpen() {
        return !isClosed
                && !isReadingOver
                && !isMuted
                && inFlightRequests < scope.options().maxInFlightRequestsPerConnection()
                && inFlightBytes < scope.options().maxInFlightBytesPerConnection();
    }

    @Override
    public void bytesArrived() {
        touch();
    }

    @Override
    public void malformed(String reason) {
        Exchange last = begin(null, 0);
        isReadingOver = true;
        closeReason = CloseReason.MALFORMED;
        answered(last, new KafkaResponse.Disconnect(reason));
    }

    /// Closes if nothing happens here any more.
    void closeIfIdle(long nowNanos) {
        boolean isSilent =
                nowNanos - lastActivityNanos > scope.options().idleTimeout().toNanos();
        if (isSilent && !isMuted && (inFlightRequests == 0 || !output.isEmpty())) {
            cut(CloseReason.IDLE, inFlightRequests == 0 ? "nothing came" : "the client does not read its answers");
        } else if (assembler.isStalled(nowNanos)) {
            cut(CloseReason.IDLE, "a frame did not end");
        }
    }

    /// Reads nothing more, and closes after the last answer.
    void drain() {
        isReadingOver = true;
        closeReason = CloseReason.STOPPING;
        if (inFlightRequests == 0) {
            close(CloseReason.STOPPING, "");
        }
    }

    /// Closes once what was written has left.
    void close(CloseReason reason, String detail) {
        if (!isClosed) {
            closeReason = reason;
            closeDetail = detail;
            // The close handler does the rest.
            socket.close();
        }
    }

    /// Closes at once: who does not read would never let an orderly close come to its end.
    void cut(CloseReason reason, String detail) {
        if (!isClosed) {
            closeReason = reason;
            closeDetail = detail;
            ChannelFuture _ = socket.channelHandlerContext().close();
        }
    }

    private void frameArrived(ByteBuffer frame) {
        int bytes = frame.remaining();
        switch (KafkaCodec.parse(frame, client)) {
            case ParsedFrame.Parsed(KafkaRequest request) -> start(request, bytes);
            case ParsedFrame.Malformed(String reason) -> {
                scope.budget().release(bytes);
                malformed(reason);
            }
        }
    }

    private void start(KafkaRequest request, int bytes) {
        if (isClosed || isReadingOver) {
            scope.budget().release(bytes);
            return;
        }
        Exchange exchange = begin(request, bytes);
        if (exchange.isFetch() && isFetchInFlight) {
            heldFetches.add(exchange);
            return;
        }
        isFetchInFlight |= exchange.isFetch();
        context.duplicate().dispatch(exchange, this::handle);
        introduce(request);
    }

    private void startHeldFetch() {
        Exchange next = heldFetches.poll();
        isFetchInFlight = next != null;
        if (next != null) {
            context.duplicate().dispatch(next, this::handle);
        }
    }

    /// On a context of the request's own, so that what is remembered there is of this request only.
    private void handle(Exchange exchange) {
        KafkaRequest request = exchange.request().orElseThrow();
        scope.events().requestStarted(request);
        scope.router()
                .handle(request)
                .subscribe()
                .with(
                        response -> arrived(exchange, response),
                        failure -> arrived(exchange, new KafkaResponse.Disconnect(failure.toString())));
    }

    private Exchange begin(@Nullable KafkaRequest request, int bytes) {
        Exchange exchange = new Exchange(request, bytes, scope.nanoTime());
        exchanges.add(exchange);
        inFlightRequests++;
        inFlightBytes += bytes;
        return exchange;
    }

    /// KIP-511: a client says in ApiVersions what it is.
    private void introduce(KafkaRequest request) {
        if (request.body() instanceof ApiVersionsRequest versions && versions.isValid()) {
            ApiVersionsRequestData data = versions.data();
            if (!data.clientSoftwareName().isEmpty()) {
                client = client.withSoftware(data.clientSoftwareName(), data.clientSoftwareVersion());
            }
        }
    }

    private void arrived(Exchange exchange, KafkaResponse response) {
        if (socket.channelHandlerContext().executor().inEventLoop()) {
            answered(exchange, response);
        } else {
            context.runOnContext(ignored -> answered(exchange, response));
        }
    }

    private void answered(Exchange exchange, KafkaResponse response) {
        exchange.answer(response);
        if (isClosed) {
            finish(exchange, 0);
            return;
        }
        Exchange head = exchanges.peek();
        while (head != null && head.response().isPresent() && !isClosed) {
            exchanges.remove();
            send(head, head.response().get());
            head = exchanges.peek();
        }
    }

    private void send(Exchange exchange, KafkaResponse response) {
        switch (response) {
            case KafkaResponse.Answer answer -> sendAnswer(exchange, answer);
            case KafkaResponse.Forwarded(ByteBuffer frame) -> {
                ByteBuffer size = ByteBuffer.allocate(Integer.BYTES).putInt(0, frame.remaining());
                write(exchange, List.of(size, frame.duplicate()));
            }
            case KafkaResponse.Silence(int throttleMillis) -> {
                mute(throttleMillis);
                finish(exchange, 0);
            }
            case KafkaResponse.Disconnect(String reason) -> disconnect(exchange, reason);
        }
    }

    private void sendAnswer(Exchange exchange, KafkaResponse.Answer answer) {
        KafkaRequest request = exchange.request().orElseThrow();
        List<ByteBuffer> buffers;
        try {
            buffers = KafkaCodec.serialize(request, answer.body());
        } catch (RuntimeException e) {
            // A field that this version lacks: the client must not wait for an answer that cannot be written.
            scope.events().handlerFailed(request.api().name, request.version(), e);
            finish(exchange, 0);
            close(CloseReason.UNANSWERABLE, String.valueOf(e.getMessage()));
            return;
        }
        mute(answer.body().throttleTimeMs());
        write(exchange, buffers);
    }

    /// KIP-219: a client that took too much has its answer at once, and is then not read from, whether or not it keeps
    /// quiet by itself.
    private void mute(int throttleMillis) {
        if (throttleMillis <= 0 || isClosed) {
            return;
        }
        long untilNanos = scope.nanoTime() + throttleMillis * NANOS_PER_MILLI;
        if (!isMuted) {
            isMuted = true;
            mutedUntilNanos = untilNanos;
            context.owner().setTimer(throttleMillis, _ -> unmute());
        } else {
            mutedUntilNanos = Math.max(mutedUntilNanos, untilNanos);
        }
    }

    private void unmute() {
        long leftNanos = mutedUntilNanos - scope.nanoTime();
        if (isClosed) {
            return;
        }
        if (leftNanos > 0) {
            context.owner().setTimer(Math.ceilDiv(leftNanos, NANOS_PER_MILLI), _ -> unmute());
            return;
        }
        isMuted = false;
        touch();
        assembler.resume();
    }

    private void write(Exchange exchange, List<ByteBuffer> buffers) {
        long bytes = 0;
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        long size = bytes;
        output.write(buffers, () -> finish(exchange, size));
    }

    /// The earlier answers are written first: an empty piece completes after them.
    private void disconnect(Exchange exchange, String reason) {
        isReadingOver = true;
        if (closeReason == CloseReason.BY_PEER) {
            closeReason = CloseReason.REFUSED;
        }
        closeDetail = reason;
        output.write(List.of(ByteBuffer.allocate(0)), () -> {
            finish(exchange, 0);
            close(closeReason, reason);
        });
    }

    private void finish(Exchange exchange, long responseBytes) {
        inFlightRequests--;
        inFlightBytes -= exchange.requestBytes();
        scope.budget().release(exchange.requestBytes());
        if (exchange.response().orElse(null) instanceof KafkaResponse.Answer answer) {
            answer.released().run();
        }
        exchange.request()
                .ifPresent(request -> scope.events()
                        .answered(
                                request.api().name,
                                exchange.requestBytes(),
                                responseBytes,
                                scope.nanoTime() - exchange.startedNanos()));
        if (exchange.isFetch() && !isClosed) {
            startHeldFetch();
        }
        if (isReadingOver && inFlightRequests == 0 && !isClosed) {
            close(closeReason, closeDetail);
        } else {
            assembler.resume();
        }
    }

    private void closed() {
        isClosed = true;
        assembler.close();
        output.close();
        heldFetches.forEach(held -> finish(held, 0));
        Exchange head = exchanges.poll();
        while (head != null) {
            if (head.response().isPresent()) {
                finish(head, 0);
            }
            head = exchanges.poll();
        }
        scope.events().connectionClosed(closeReason, closeDetail);
        onClosed.accept(this);
    }

    private void touch() {
        lastActivityNanos = scope.nanoTime();
    }
}
