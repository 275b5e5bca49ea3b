package io.millrace.api.http;

import io.millrace.api.TraceId;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A batch between the call and its answer.
///
/// @param expiryTick the tick of the stream's clock from which it is `Unknown`
record PendingAppend(
        PartitionId partitionId,
        RecordBatch batch,
        Optional<TraceId> traceId,
        long expiryTick,
        CompletableFuture<AppendOutcome> answer) {

    /// So that many tiny batches are bounded, too.
    private static final int OVERHEAD_BYTES = 256;

    static int charge(RecordBatch batch) {
        return batch.sizeInBytes() + OVERHEAD_BYTES;
    }
}
