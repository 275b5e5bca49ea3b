package io.millrace.api.http;

import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.api.instances.Instances;
import io.millrace.model.CatalogNews;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Context;

/// The store's feeds as streams that never end: a break is followed by a new connection.
///
/// Threads: from any thread; items arrive on an event loop, as fast as the subscriber asks for them.
public final class FeedSource {

    private final InternalClient client;
    private final Instances instances;
    private final TailSubscriptions subscriptions;

    public FeedSource(InternalClient client, Instances instances, TailSubscriptions subscriptions) {
        this.client = client;
        this.instances = instances;
        this.subscriptions = subscriptions;
    }

    /// A snapshot after each connection, then the changes.
    public Multi<CatalogNews> catalog() {
        return Multi.createFrom().<CatalogNews>emitter(this::followCatalog, BackPressureStrategy.ERROR);
    }

    /// News of what is subscribed; one subscriber at a time, since there is one list of subscriptions.
    public Multi<TailFrame> tail() {
        return Multi.createFrom().<TailFrame>emitter(this::followTail, BackPressureStrategy.ERROR);
    }

    private void followCatalog(MultiEmitter<? super CatalogNews> emitter) {
        Context context = EventLoops.next(client.vertx());
        FeedInbox<CatalogNews> inbox = new FeedInbox<>(emitter, context);
        open(Paths.CATALOG_FEED, context, new CatalogFeedStream(inbox), emitter);
    }

    private void followTail(MultiEmitter<? super TailFrame> emitter) {
        Context context = EventLoops.next(client.vertx());
        FeedInbox<TailFrame> inbox = new FeedInbox<>(emitter, context);
        TailFeedStream stream = new TailFeedStream(inbox, subscriptions, context);
        subscriptions.onChange(stream::changed);
        open(Paths.TAIL_FEED, context, stream, emitter);
    }

    private void open(String path, Context context, StreamPeer peer, MultiEmitter<?> emitter) {
        ClientStream.Route route =
                new ClientStream.Route(path, client.options().transport().bodyBytesMax());
        ClientStream connection = new ClientStream(client, instances, context, route, peer);
        emitter.onTermination(connection::close);
        connection.open();
    }
}
