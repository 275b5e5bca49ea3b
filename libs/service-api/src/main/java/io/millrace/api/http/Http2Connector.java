package io.millrace.api.http;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/// Brings the store's feeds into a service as Reactive Messaging channels.
///
/// A channel names its feed: `mp.messaging.incoming.<channel>.connector=millrace-http2` and `.feed=catalog`, whose
/// payloads are [io.millrace.model.CatalogNews], or `.feed=tail`, whose payloads are [io.millrace.api.feed.TailFrame].
///
/// Threads: messages arrive on an event loop, one at a time as the channel asks for them.
/// Errors: a break of the connection is no error of the channel; another feed's name is, at start.
@ApplicationScoped
@Connector(Http2Connector.NAME)
final class Http2Connector implements InboundConnector {

    static final String NAME = "millrace-http2";

    private final Instance<FeedSource> source;

    Http2Connector(Instance<FeedSource> source) {
        this.source = source;
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        String feed = config.getValue("feed", String.class);
        return switch (feed) {
            case "catalog" -> messages(source.get().catalog());
            case "tail" -> messages(source.get().tail());
            default -> throw new IllegalArgumentException("there is no feed '" + feed + "', only catalog and tail");
        };
    }

    private static <T> Multi<Message<T>> messages(Multi<T> payloads) {
        return payloads.map(payload -> Message.of(payload));
    }
}
