package io.millrace.kafka.fetch;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.model.PartitionId;
import java.util.OptionalInt;

/// Whether a client should read a partition from another node.
///
/// Threads: called on event loops; must not block. Source: KIP-392.
@FunctionalInterface
public interface RedirectPolicy {

    /// The node to ask next time, if it should be another one. The records come all the same.
    OptionalInt redirect(KafkaRequest request, PartitionId partition);

    /// The policy of a node that is itself the place to read from.
    static RedirectPolicy never() {
        return (request, partition) -> OptionalInt.empty();
    }
}
