package io.millrace.kafka.fetch;

import io.millrace.model.IsolationLevel;
import io.millrace.model.PartitionId;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.Errors;

/// What one Fetch wants, with its topics looked up.
///
/// Threads: immutable. Units: bytes of records.
///
/// @param partitions in the request's order
/// @param maxBytes what the client takes in one answer
record FetchPlan(List<Wanted> partitions, IsolationLevel isolationLevel, int minBytes, int maxBytes) {

    FetchPlan {
        partitions = List.copyOf(partitions);
    }

    /// One partition that the client asked for.
    record Wanted(FetchTopic topic, FetchPartition partition, Resolved resolved) {}

    /// Which partition it is, or why it is none.
    sealed interface Resolved {

        record Known(PartitionId id, OptionalInt redirect) implements Resolved {}

        record Failed(Errors error) implements Resolved {}
    }
}
