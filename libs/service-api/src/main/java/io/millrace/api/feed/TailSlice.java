package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import java.util.List;

/// Batches of one partition, in order and without a gap between them, in memory that nothing else shares.
///
/// Threads: immutable.
public record TailSlice(PartitionId partitionId, List<RecordBatch> batches) {

    public TailSlice {
        batches = List.copyOf(batches);
    }
}
