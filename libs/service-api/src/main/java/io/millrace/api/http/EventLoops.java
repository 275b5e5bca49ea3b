package io.millrace.api.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;

/// Gives each long-lived thing an event loop of its own choice, whatever thread asks.
///
/// `Vertx.getOrCreateContext` would give everything that is made at start, on the main thread, the same one.
final class EventLoops {

    private EventLoops() {}

    static Context next(Vertx vertx) {
        return ((VertxInternal) vertx).createEventLoopContext();
    }
}
