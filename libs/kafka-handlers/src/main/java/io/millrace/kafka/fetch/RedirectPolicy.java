package io.millrace.kafka.fetch;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.model.PartitionId;

/// Whether a client should read a partition from another node.
///
/// Threads: called on event loops; must not block. Source: KIP-392.
@FunctionalInterface
public interface RedirectPolicy {

    Redirect redirect(KafkaRequest request, PartitionId partition);

    /// The policy of a node that is itself the place to read from.
    static RedirectPolicy never() {
        return (request, partition) -> new Redirect.Stay();
    }

    /// What to tell the client.
    sealed interface Redirect {

        record Stay() implements Redirect {}

        /// The records, and the node to ask next time.
        record WithRecords(int nodeId) implements Redirect {}

        /// The node only: the client might throw the records away.
        record Alone(int nodeId) implements Redirect {}
    }
}
