package io.millrace.kafka.listener;

import java.util.function.LongSupplier;

/// What all connections of a listener share.
///
/// Threads: any.
final class ListenerScope {

    private final ListenerOptions options;
    private final ApiRouter router;
    private final ListenerEvents events;
    private final LongSupplier nanoTime;
    private final MemoryBudget budget;
    private final ConnectionQuota quota;

    /// Written once, by the thread that stops the server.
    private volatile boolean stopping;

    ListenerScope(ListenerOptions options, ApiRouter router, ListenerEvents events, LongSupplier nanoTime) {
        this.options = options;
        this.router = router;
        this.events = events;
        this.nanoTime = nanoTime;
        this.budget = new MemoryBudget(options.maxInFlightBytes());
        this.quota = new ConnectionQuota(options.maxConnections(), options.maxConnectionsPerAddress());
    }

    ListenerOptions options() {
        return options;
    }

    ApiRouter router() {
        return router;
    }

    ListenerEvents events() {
        return events;
    }

    MemoryBudget budget() {
        return budget;
    }

    ConnectionQuota quota() {
        return quota;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    boolean isStopping() {
        return stopping;
    }

    void stop() {
        stopping = true;
    }
}
