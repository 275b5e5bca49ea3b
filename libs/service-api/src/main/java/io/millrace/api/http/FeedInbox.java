package io.millrace.api.http;

import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Between a feed's stream and its subscriber: while the subscriber asks for nothing, the stream is not read, so that
/// what waits here is at most what one chunk held.
///
/// Threads: the stream's context; the subscriber may ask on any thread.
final class FeedInbox<T> {

    private final MultiEmitter<? super T> emitter;
    private final Deque<T> waiting = new ArrayDeque<>();
    private @Nullable FramedStream stream;

    FeedInbox(MultiEmitter<? super T> emitter, Context context) {
        this.emitter = emitter;
        emitter.onRequest(_ -> context.runOnContext(_ -> drain()));
    }

    void attach(FramedStream opened) {
        stream = opened;
        drain();
    }

    void detach() {
        stream = null;
    }

    void add(T message) {
        waiting.add(message);
        drain();
    }

    private void drain() {
        while (!waiting.isEmpty() && emitter.requested() > 0) {
            emitter.emit(waiting.remove());
        }
        if (stream == null) {
            return;
        }
        if (waiting.isEmpty()) {
            stream.resume();
        } else {
            stream.pause();
        }
    }
}
