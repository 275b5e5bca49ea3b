package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.netty.channel.EventLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.tracing.TracingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The connections of one process to the internal ports of the others.
///
/// Small calls, range reads, forwarded frames and long streams each have connections of their own, since streams on one
/// connection share its window: a large or slow one would starve the rest.
///
/// Threads: all methods from any thread.
public final class InternalClient {

    private static final int CALLS_PER_CONNECTION = 100;
    private static final int READS_PER_CONNECTION = 8;
    private static final int STREAM_CONNECTIONS = 1_000;

    private final Vertx vertx;
    private final ApiOptions options;
    private final HttpClient calls;
    /// For callers that are on no event loop.
    private final HttpClient reads;
    /// One for each event loop that has asked, so that neither a request nor its answer changes threads.
    private final Map<EventLoop, HttpClient> readsOfLoop = new ConcurrentHashMap<>();
    private final HttpClient frames;
    private final HttpClient streams;

    /// Written by [#close], read by streams that would connect again.
    private volatile boolean isClosed;

    public InternalClient(Vertx vertx, ApiOptions options) {
        this.vertx = vertx;
        this.options = options;
        TransportOptions transport = options.transport();
        calls = client(CALLS_PER_CONNECTION, transport.callConnections());
        reads = newReads();
        frames = client(CALLS_PER_CONNECTION, transport.callConnections());
        streams = client(1, STREAM_CONNECTIONS);
    }

    public ApiOptions options() {
        return options;
    }

    /// Asks who answers at this address; fails with [io.millrace.api.CallFailedException] when nobody does in time.
    public Uni<Instance> hello(HostPort address) {
        Call call = new Call(
                HttpMethod.GET,
                address,
                Paths.HELLO,
                Optional.empty(),
                options.calls().hello());
        return Exchange.start(vertx, calls, call, this::wholeBody)
                .map(body -> WireReader.decode(body, HelloCodec::read).at(address))
                .onFailure(MalformedMessageException.class)
                .transform(failure -> Exchange.failed(call, failure));
    }

    public Uni<Void> close() {
        isClosed = true;
        return Uni.createFrom().completionStage(() -> {
            List<Future<Void>> closed = new ArrayList<>();
            List.of(calls, reads, frames, streams).forEach(client -> closed.add(client.close()));
            readsOfLoop.values().forEach(client -> closed.add(client.close()));
            return Future.join(closed).<Void>mapEmpty().toCompletionStage();
        });
    }

    Vertx vertx() {
        return vertx;
    }

    HttpClient calls() {
        return calls;
    }

    /// The connections of the caller's event loop.
    HttpClient reads() {
        Context context = Vertx.currentContext();
        if (isClosed || context == null || !context.isEventLoopContext()) {
            return reads;
        }
        EventLoop loop = ((ContextInternal) context).nettyEventLoop();
        HttpClient known = readsOfLoop.get(loop);
        return known != null ? known : readsOfLoop.computeIfAbsent(loop, _ -> newReads());
    }

    private HttpClient newReads() {
        return client(READS_PER_CONNECTION, options.transport().readConnections());
    }

    HttpClient frames() {
        return frames;
    }

    /// Opens a stream on a TCP connection of its own.
    Future<HttpClientRequest> open(RequestOptions request) {
        return isClosed ? Future.failedFuture("this client is closed") : streams.request(request);
    }

    BodySink.WholeBody wholeBody() {
        return new BodySink.WholeBody(options.transport().bodyBytesMax());
    }

    private HttpClient client(int streamsPerConnection, int connections) {
        ConnectionBuffers.shareEqually();
        TransportOptions transport = options.transport();
        HttpClientOptions http = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MultiplexingLimit(streamsPerConnection)
                .setHttp2ConnectionWindowSize(transport.connectionWindowBytes())
                .setHttp2KeepAliveTimeout(0)
                .setInitialSettings(new Http2Settings()
                        .setInitialWindowSize(transport.streamWindowBytes())
                        .setMaxFrameSize(transport.frameBytes())
                        .setPushEnabled(false))
                .setConnectTimeout((int) transport.connectTimeout().toMillis())
                .setTcpNoDelay(true)
                .setTracingPolicy(TracingPolicy.IGNORE);
        PoolOptions pool = new PoolOptions().setHttp2MaxSize(connections).setMaxWaitQueueSize(transport.waitingCalls());
        return vertx.httpClientBuilder()
                .with(http)
                .with(pool)
                .withConnectHandler(connection -> ConnectionBuffers.bound(connection, transport))
                .build();
    }
}
