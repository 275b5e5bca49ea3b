package io.millrace.kafka.handlers;

/// How one service treats requests of one API.
enum Treatment {
    /// The service answers by itself.
    LOCAL("answers"),
    /// The raw frame goes to an ingest node, and its answer comes back: Kafka lets any broker answer these.
    FORWARD("forwards to ingest"),
    /// Answered for this node alone, which has none of what is asked for; tools ask every node and join the answers.
    NOTHING_OF_ITS_OWN("answers with its own, empty share"),
    NOT_LEADER("`NOT_LEADER_OR_FOLLOWER`"),
    NOT_COORDINATOR("`NOT_COORDINATOR`");

    private final String description;

    Treatment(String description) {
        this.description = description;
    }

    /// For the table in the documentation.
    String description() {
        return description;
    }
}
