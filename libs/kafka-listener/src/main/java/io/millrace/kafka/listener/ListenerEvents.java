package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaRequest;

/// What a listener tells its service, which makes logs and metrics of it.
///
/// Threads: called on the connections' event loops; must not block.
public interface ListenerEvents {

    void connectionOpened();

    /// A connection ended.
    ///
    /// @param detail what an operator wants to know, for logs
    void connectionClosed(CloseReason reason, String detail);

    /// A client was turned away before its first byte.
    void connectionRefused(Limit limit);

    /// A request begins. Called on a Vert.x context that is the request's own, the one that its handler is called on.
    void requestStarted(KafkaRequest request);

    /// An answer left, or a request that wants none was done.
    ///
    /// @param api Kafka's name of the API
    void answered(String api, int requestBytes, long responseBytes, long nanos);

    /// A handler failed; the client got an error.
    void handlerFailed(String api, int version, Throwable failure);

    /// A connection is not read for now: too much of it, or of all, is in flight.
    void readingPaused();

    void readingResumed();

    /// Why a connection ended.
    enum CloseReason {
        /// The client closed it, or the network did.
        BY_PEER,
        /// The bytes were no frame, or no request.
        MALFORMED,
        /// A request that Kafka answers by closing.
        REFUSED,
        /// Nothing came for too long, or a frame did not end.
        IDLE,
        /// An answer could not be written down: a bug of a handler.
        UNANSWERABLE,
        /// This service stops.
        STOPPING
    }

    /// Which limit turned a client away.
    enum Limit {
        CONNECTIONS,
        CONNECTIONS_PER_ADDRESS,
        STOPPING
    }
}
