package io.millrace.kafka.fetch;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.Executor;

/// Goes on with a request on the Vert.x context that it came on.
///
/// Threads: tasks from any thread; on the request's own event loop they run at once.
final class RequestLoop implements Executor {

    private final ContextInternal context;

    private RequestLoop(ContextInternal context) {
        this.context = context;
    }

    /// Of the request that is being handled; who is on no event loop goes on wherever he is woken.
    static Executor current() {
        return Vertx.currentContext() instanceof ContextInternal context ? new RequestLoop(context) : Runnable::run;
    }

    @Override
    public void execute(Runnable task) {
        context.emit(_ -> task.run());
    }
}
