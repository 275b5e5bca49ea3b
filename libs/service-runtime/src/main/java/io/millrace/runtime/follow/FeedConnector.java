package io.millrace.runtime.follow;

import io.millrace.api.http.FeedSource;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/// Brings wal-store's feeds into this service as channels; a message is one frame of the feed.
///
/// Threads: as [FeedSource].
@ApplicationScoped
@Connector("millrace-http2")
@ConnectorAttribute(
        name = "feed",
        type = "string",
        direction = ConnectorAttribute.Direction.INCOMING,
        description = "Which feed: catalog or tail",
        mandatory = true)
final class FeedConnector implements InboundConnector {

    private final FeedSource source;

    FeedConnector(FeedSource source) {
        this.source = source;
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        String feed = config.getValue("feed", String.class);
        return switch (feed) {
            case "catalog" -> messages(source.catalog());
            case "tail" -> messages(source.tail());
            default -> throw new IllegalArgumentException("There is no feed '" + feed + "', only catalog and tail.");
        };
    }

    private static <T> Multi<Message<T>> messages(Multi<T> frames) {
        return frames.map(Message::of);
    }
}
