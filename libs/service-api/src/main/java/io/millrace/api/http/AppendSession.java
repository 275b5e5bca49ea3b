package io.millrace.api.http;

import io.millrace.api.TraceId;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The owner's end of one append stream.
///
/// Threads: the calls come one after the other; the answers complete on any thread.
public interface AppendSession {

    /// Queues the batch behind all earlier ones of this session; never blocks.
    CompletableFuture<AppendOutcome> append(PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId);

    /// The stream is gone: what was not decided yet is dropped. Idempotent.
    void close();
}
