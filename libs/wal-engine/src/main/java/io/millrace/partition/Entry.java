package io.millrace.partition;

import io.millrace.model.PartitionId;
import io.millrace.model.PlacedBatch;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;

/// One change of a shard's state, as the log keeps it.
///
/// Threads: immutable.
public sealed interface Entry {

    /// A batch got its place.
    ///
    /// @param appendTimeMillis what its timestamps become, or -1 to keep the producer's
    record BatchAppended(
            PartitionId partitionId, RecordBatch batch, long baseOffset, int leaderEpoch, long appendTimeMillis)
            implements Entry {

        /// The batch as it is from now on.
        public PlacedBatch placed() {
            return new PlacedBatch(partitionId, batch, baseOffset, leaderEpoch, appendTimeMillis);
        }
    }

    /// A process became the shard's owner; its epoch is every partition's leader epoch from here on.
    record OwnerStarted(int ownerEpoch) implements Entry {}

    /// A topic was created or changed, and is this now.
    record TopicStored(Topic topic) implements Entry {}

    record TopicDeleted(TopicId topicId) implements Entry {}

    record LogStartMoved(PartitionId partitionId, long logStartOffset) implements Entry {}

    record ProducerIdsGiven(long firstId, int count) implements Entry {}
}
