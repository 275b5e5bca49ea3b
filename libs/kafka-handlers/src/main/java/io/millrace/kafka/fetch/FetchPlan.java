package io.millrace.kafka.fetch;

import io.millrace.kafka.wire.RecordsView;
import io.millrace.model.IsolationLevel;
import io.millrace.model.PartitionId;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
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

    /// What the client takes of all its partitions together.
    long bytesMax() {
        long ofPartitions = 0;
        for (Wanted wanted : partitions) {
            ofPartitions += Math.max(0, wanted.partition().partitionMaxBytes());
        }
        return Math.min(maxBytes, ofPartitions);
    }

    /// Whether the client could see more of this partition than the page has, because the page is about as large as it
    /// may be. One that is smaller and ends before the high watermark was read just before that moved.
    ///
    /// @param bytesMax what the whole answer may have
    boolean isCut(Wanted wanted, PartitionData page, long bytesMax) {
        long limit = Math.min(bytesMax, wanted.partition().partitionMaxBytes());
        if (page.records() instanceof RecordsView records && 2L * records.sizeInBytes() < limit) {
            return false;
        }
        long visibleEnd =
                isolationLevel == IsolationLevel.READ_COMMITTED ? page.lastStableOffset() : page.highWatermark();
        long pageEnd = page.records() instanceof RecordsView records
                ? records.batches().getLast().endOffset()
                : wanted.partition().fetchOffset();
        return pageEnd < visibleEnd;
    }

    /// One partition that the client asked for.
    record Wanted(FetchTopic topic, FetchPartition partition, Resolved resolved) {}

    /// Which partition it is, or why it is none.
    sealed interface Resolved {

        record Known(PartitionId id, OptionalInt redirect) implements Resolved {}

        record Failed(Errors error) implements Resolved {}
    }
}
