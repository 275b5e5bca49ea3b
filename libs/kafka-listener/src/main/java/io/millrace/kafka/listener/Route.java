package io.millrace.kafka.listener;

/// Who answers an API in this service.
///
/// Threads: immutable.
public sealed interface Route {

    /// This service does.
    record Local(RequestHandler handler) implements Route {}

    /// Another service does; the frame goes there and its reply comes back.
    record Forward(Forwarder forwarder) implements Route {}

    /// Nobody does from here: the handler says so as a Kafka broker would, for example with NOT_COORDINATOR.
    record Refuse(RequestHandler handler) implements Route {}
}
