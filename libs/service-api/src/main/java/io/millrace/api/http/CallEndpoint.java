package io.millrace.api.http;

import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Answers calls: the body is read within its limit and decoded, a service asked, its answer encoded and written.
///
/// Answers that are not read by their callers are bounded together; above that bound further calls get 503.
///
/// Threads: the event loop of each connection; a service may answer on any thread.
final class CallEndpoint {

    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONTENT_TOO_LARGE = 413;
    static final int SERVER_ERROR = 500;
    static final int UNAVAILABLE = 503;
    static final int VERSION_NOT_SUPPORTED = 505;

    private static final Logger LOG = Logger.getLogger(CallEndpoint.class);
    private static final int PROBLEM_CHARS_MAX = 512;

    private final Vertx vertx;
    private final int bodyBytesMax;
    private final long answerMillisMax;
    private final AtomicLong unreadBytes = new AtomicLong();

    CallEndpoint(Vertx vertx, ApiOptions options) {
        this.vertx = vertx;
        this.bodyBytesMax = options.transport().bodyBytesMax();
        this.answerMillisMax = Math.max(1, options.calls().frame().toMillis());
    }

    void hello(HttpServerRequest request, Instance self) {
        WireWriter out = new WireWriter(128);
        HelloCodec.write(out, self);
        respond(request, out.toBuffer());
    }

    <Q, A> void answer(
            HttpServerRequest request,
            Function<WireReader, Q> decoder,
            Function<Q, Uni<A>> service,
            BiConsumer<WireWriter, A> encoder) {
        if (unreadBytes.get() >= bodyBytesMax) {
            refuse(request, UNAVAILABLE, "too many answers wait to be read");
            return;
        }
        Context context = vertx.getOrCreateContext();
        readBody(request, body -> {
            Q question = WireReader.decode(body, decoder);
            Uni.createFrom()
                    .deferred(() -> service.apply(question))
                    .subscribe()
                    .with(
                            answer -> context.runOnContext(_ -> respond(request, encoded(encoder, answer))),
                            failure -> context.runOnContext(_ -> fail(request, failure)));
        });
    }

    private static <A> Buffer encoded(BiConsumer<WireWriter, A> encoder, A answer) {
        WireWriter out = new WireWriter(1_024);
        encoder.accept(out, answer);
        return out.toBuffer();
    }

    void refuse(HttpServerRequest request, int status, String problem) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        String text = problem.length() > PROBLEM_CHARS_MAX ? problem.substring(0, PROBLEM_CHARS_MAX) : problem;
        response.setStatusCode(status)
                .putHeader(Exchange.PROBLEM_HEADER, text.replaceAll("[^\\x20-\\x7e]", "?"))
                .end();
    }

    private void readBody(HttpServerRequest request, Consumer<ByteBuffer> action) {
        BodySink.WholeBody sink = new BodySink.WholeBody(bodyBytesMax);
        String length = request.getHeader("content-length");
        request.exceptionHandler(failure -> LOG.debugf("call broke path=%s reason=%s", request.path(), failure));
        request.handler(chunk -> step(request, () -> sink.add(chunk)));
        request.endHandler(_ -> step(request, () -> action.accept(sink.finish())));
        step(request, () -> sink.begin(length == null ? OptionalLong.empty() : BodySink.length(length)));
    }

    private void step(HttpServerRequest request, Runnable step) {
        if (request.response().ended()) {
            return;
        }
        try {
            step.run();
        } catch (MalformedMessageException e) {
            refuse(request, BAD_REQUEST, String.valueOf(e.getMessage()));
        } catch (BodySink.TooLargeException e) {
            refuse(request, CONTENT_TOO_LARGE, String.valueOf(e.getMessage()));
        }
    }

    private void fail(HttpServerRequest request, Throwable failure) {
        LOG.warnf(failure, "call failed path=%s", request.path());
        refuse(request, SERVER_ERROR, String.valueOf(failure));
    }

    /// A caller that does not read its answer loses it in the end, and what it pinned is free again.
    private void respond(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        int size = body.length();
        unreadBytes.addAndGet(size);
        long timer = vertx.setTimer(answerMillisMax, _ -> response.reset());
        response.putHeader("content-length", Integer.toString(size)).end(body).onComplete(_ -> {
            unreadBytes.addAndGet(-size);
            vertx.cancelTimer(timer);
        });
    }
}
