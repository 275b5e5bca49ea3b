package io.millrace.api.http;

import io.millrace.api.CallFailedException;
import io.millrace.api.TraceId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call on its way: request, answer, deadline.
///
/// Threads: the Vert.x context that starts it; the emitter ignores whatever comes after the first end.
final class Exchange<T> {

    /// The header in which a refusing server says why.
    static final String PROBLEM_HEADER = "millrace-problem";

    static final int OK = 200;
    static final int NO_CONTENT = 204;

    private final Vertx vertx;
    private final Call call;
    private final BodySink<T> sink;
    private final UniEmitter<? super T> emitter;
    private long timer;
    private boolean isDone;
    private @Nullable HttpClientRequest request;

    private Exchange(Vertx vertx, Call call, BodySink<T> sink, UniEmitter<? super T> emitter) {
        this.vertx = vertx;
        this.call = call;
        this.sink = sink;
        this.emitter = emitter;
    }

    /// Sends the call once per subscription, and fails with [CallFailedException] unless it is answered in time.
    static <T> Uni<T> start(Vertx vertx, HttpClient http, Call call, Supplier<? extends BodySink<T>> sink) {
        Optional<TraceId> traceId = TraceContext.current();
        return start(vertx, http, call, sink, traceId);
    }

    static <T> Uni<T> start(
            Vertx vertx, HttpClient http, Call call, Supplier<? extends BodySink<T>> sink, Optional<TraceId> traceId) {
        return Uni.createFrom().<T>emitter(emitter -> {
            Exchange<T> exchange = new Exchange<>(vertx, call, sink.get(), emitter);
            vertx.getOrCreateContext().runOnContext(_ -> exchange.send(http, traceId));
        });
    }

    static CallFailedException failed(Call call, Throwable cause) {
        return new CallFailedException(call + " failed: " + cause.getMessage(), cause);
    }

    private void send(HttpClient http, Optional<TraceId> traceId) {
        timer = vertx.setTimer(Math.max(1, call.deadline().toMillis()), _ -> expire());
        RequestOptions options = new RequestOptions()
                .setMethod(call.method())
                .setHost(call.to().host())
                .setPort(call.to().port())
                .setURI(call.path());
        traceId.ifPresent(id -> options.putHeader(TraceId.HEADER, id.header()));
        http.request(options).onComplete(opened -> {
            if (opened.succeeded()) {
                opened(opened.result());
            } else {
                fail(failed(call, opened.cause()));
            }
        });
    }

    private void opened(HttpClientRequest opened) {
        if (isDone) {
            opened.reset();
            return;
        }
        request = opened;
        opened.exceptionHandler(failure -> fail(failed(call, failure)));
        opened.response().onSuccess(this::answered).onFailure(failure -> fail(failed(call, failure)));
        call.body().ifPresentOrElse(opened::end, opened::end);
    }

    private void answered(HttpClientResponse response) {
        response.exceptionHandler(failure -> fail(failed(call, failure)));
        if (response.statusCode() != OK && response.statusCode() != NO_CONTENT) {
            fail(new CallFailedException(
                    call + " was answered " + response.statusCode() + ": " + response.getHeader(PROBLEM_HEADER)));
            return;
        }
        response.handler(chunk -> sink(() -> sink.add(chunk)));
        response.endHandler(_ -> sink(() -> complete(sink.finish())));
        String length = response.getHeader("content-length");
        sink(() -> sink.begin(length == null ? OptionalLong.empty() : BodySink.length(length)));
    }

    private void sink(Runnable step) {
        if (isDone) {
            return;
        }
        try {
            step.run();
        } catch (MalformedMessageException | BodySink.TooLargeException e) {
            fail(failed(call, e));
        }
    }

    private void complete(T answer) {
        if (finish()) {
            emitter.complete(answer);
        }
    }

    private void expire() {
        fail(new CallFailedException(call + " was not answered within " + call.deadline()));
    }

    private void fail(CallFailedException failure) {
        if (finish()) {
            if (request != null) {
                request.reset();
            }
            emitter.fail(failure);
        }
    }

    private boolean finish() {
        boolean isFirst = !isDone;
        isDone = true;
        vertx.cancelTimer(timer);
        return isFirst;
    }
}
