package io.millrace.walstore;

import io.millrace.api.TraceId;
import io.millrace.api.http.AppendSession;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// An append stream that was opened while nothing is accepted: every batch is refused, so none is in the log.
record ClosedSession(String why) implements AppendSession {

    @Override
    public CompletableFuture<AppendOutcome> append(
            PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId) {
        return CompletableFuture.completedFuture(new AppendOutcome.Refused(Refusal.OVERLOADED, why));
    }

    @Override
    public void close() {
        // Nothing was decided or kept.
    }
}
