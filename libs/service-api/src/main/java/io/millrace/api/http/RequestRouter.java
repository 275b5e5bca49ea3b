package io.millrace.api.http;

import io.millrace.api.Instance;
import io.millrace.api.TraceId;
import io.millrace.model.Catalog;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/// The table of the internal port: path to what answers it.
///
/// Threads: the event loop of each connection.
final class RequestRouter {

    /// A subscription names each partition once, as added or dropped, and little else.
    private static final int SUBSCRIPTION_OVERHEAD_BYTES = 1_024;

    private static final int APPEND_OVERHEAD_BYTES = AppendCodec.APPEND_HEAD_BYTES + AppendCodec.TRACE_BYTES;

    private final Vertx vertx;
    private final Instance self;
    private final InternalRoutes routes;
    private final ApiOptions options;
    private final CallEndpoint calls;
    private final AppendStreams appendStreams;

    RequestRouter(Vertx vertx, Instance self, InternalRoutes routes, ApiOptions options) {
        this.vertx = vertx;
        this.self = self;
        this.routes = routes;
        this.options = options;
        this.calls = new CallEndpoint(vertx, options);
        this.appendStreams = new AppendStreams(options.append());
    }

    void handle(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            calls.refuse(request, CallEndpoint.VERSION_NOT_SUPPORTED, "this port speaks HTTP/2 only");
            return;
        }
        Optional<TraceId> traceId = TraceContext.adopt(request);
        String path = String.valueOf(request.path());
        HttpMethod method = path.equals(Paths.HELLO) ? HttpMethod.GET : HttpMethod.POST;
        if (!method.equals(request.method())) {
            calls.refuse(request, CallEndpoint.METHOD_NOT_ALLOWED, "not with " + request.method());
            return;
        }
        switch (path) {
            case Paths.HELLO -> calls.hello(request, self);
            case Paths.READ -> with(request, routes.reads(), service -> read(request, service));
            case Paths.FRAME -> with(request, routes.frames(), handler -> frame(request, traceId, handler));
            case Paths.OFFSETS -> with(request, routes.store(), store -> offsets(request, store));
            case Paths.COMMAND -> with(request, routes.store(), store -> command(request, store));
            case Paths.CATALOG -> with(request, routes.store(), store -> catalog(request, store));
            case Paths.APPEND -> with(request, routes.store(), store -> append(request, store));
            case Paths.CATALOG_FEED -> with(request, routes.store(), store -> catalogFeed(request, store));
            case Paths.TAIL_FEED -> with(request, routes.store(), store -> tailFeed(request, store));
            default -> calls.refuse(request, CallEndpoint.NOT_FOUND, "no such path");
        }
    }

    private <S> void with(HttpServerRequest request, Optional<S> service, Consumer<S> action) {
        service.ifPresentOrElse(
                action, () -> calls.refuse(request, CallEndpoint.NOT_FOUND, "not a task of " + self.name()));
    }

    private void read(HttpServerRequest request, ReadService service) {
        calls.answer(
                request,
                ReadCodec::readRequests,
                reads -> service.read(reads.requests(), reads.totalBytesMax()),
                ReadCodec::writeOutcomes);
    }

    private void frame(HttpServerRequest request, Optional<TraceId> traceId, FrameHandler handler) {
        calls.answer(
                request,
                in -> FrameCodec.read(in, traceId),
                handler::handle,
                (out, reply) -> reply.ifPresent((ByteBuffer bytes) -> out.gather(bytes)));
    }

    private void offsets(HttpServerRequest request, StoreService store) {
        calls.answer(request, OffsetCodec::readQueries, store::offsets, OffsetCodec::writeOutcomes);
    }

    private void command(HttpServerRequest request, StoreService store) {
        calls.answer(request, CommandCodec::read, store::execute, CommandCodec::writeOutcome);
    }

    /// No bytes when the caller knows this catalog already.
    private void catalog(HttpServerRequest request, StoreService store) {
        calls.answer(
                request,
                in -> isCurrent(in.readString(), in.readInt(), in.readLong(), store.catalog()),
                isCurrent -> Uni.createFrom().item(isCurrent),
                (out, isCurrent) -> {
                    if (!isCurrent) {
                        ModelCodec.writeCatalog(out, store.catalog());
                    }
                });
    }

    private static boolean isCurrent(String clusterId, int ownerEpoch, long version, Catalog catalog) {
        return clusterId.equals(catalog.clusterId())
                && ownerEpoch == catalog.ownerEpoch()
                && version == catalog.version();
    }

    private void append(HttpServerRequest request, StoreService store) {
        AppendEndpoint endpoint = new AppendEndpoint(store, appendStreams, vertx.getOrCreateContext());
        open(request, endpoint, options.append().batchBytesMax() + APPEND_OVERHEAD_BYTES);
    }

    private void catalogFeed(HttpServerRequest request, StoreService store) {
        FeedPublisher publisher = routes.publisher().orElseThrow();
        open(
                request,
                new CatalogFeedEndpoint(store, publisher, vertx.getOrCreateContext()),
                SUBSCRIPTION_OVERHEAD_BYTES);
    }

    private void tailFeed(HttpServerRequest request, StoreService store) {
        FeedPublisher publisher = routes.publisher().orElseThrow();
        int partitionBytes = 2 * FeedCodec.SUBSCRIPTION_BYTES * options.feeds().subscriptionsMax();
        open(
                request,
                new TailFeedEndpoint(store, publisher, vertx.getOrCreateContext()),
                partitionBytes + SUBSCRIPTION_OVERHEAD_BYTES);
    }

    private void open(HttpServerRequest request, StreamPeer peer, int frameBytesMax) {
        FramedStream.Ends ends = new FramedStream.Ends(
                request,
                request.response().setChunked(true),
                () -> request.response().reset());
        FramedStream.open(vertx, ends, peer, options.streams(), frameBytesMax);
    }
}
