package io.millrace.api.http;

import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.api.instances.Instances;
import io.millrace.model.CatalogNews;
import io.smallrye.mutiny.Multi;

/// The store's feeds as streams that never end: a break is followed by a new connection.
///
/// Threads: from any thread; items arrive on an event loop, as fast as the subscriber asks for them.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class FeedSource {
    public FeedSource(InternalClient client, Instances instances, TailSubscriptions subscriptions) {}

    /// A snapshot after each connection, then the changes.
    public Multi<CatalogNews> catalog() {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Multi<TailFrame> tail() {
        throw new UnsupportedOperationException("in the next commit");
    }
}
