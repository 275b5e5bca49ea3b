package io.millrace.api.http;

import java.util.Optional;

/// What one service answers on its internal port besides its introduction; the rest is 404.
///
/// Threads: immutable.
///
/// @param publisher of the catalog feed and the tail feed; present exactly where the store is
public record InternalRoutes(
        Optional<StoreService> store,
        Optional<FeedPublisher> publisher,
        Optional<ReadService> reads,
        Optional<FrameHandler> frames) {

    public static InternalRoutes none() {
        return new InternalRoutes(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static InternalRoutes ofStore(StoreService store, FeedPublisher publisher) {
        return new InternalRoutes(Optional.of(store), Optional.of(publisher), Optional.of(store), Optional.empty());
    }

    public InternalRoutes withReads(ReadService service) {
        return new InternalRoutes(store, publisher, Optional.of(service), frames);
    }

    public InternalRoutes withFrames(FrameHandler handler) {
        return new InternalRoutes(store, publisher, reads, Optional.of(handler));
    }
}
