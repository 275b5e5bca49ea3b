package io.millrace.store;

import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import java.util.concurrent.CompletableFuture;

/// The appends of one ingest instance, in the order in which it sent them.
///
/// Threads: [#append] from one thread at a time; the answer comes on the commit thread, which it must not keep.
public final class AppendSession implements AutoCloseable {

    private final SubmissionQueue queue;
    /// Guarded by the queue's lock.
    private boolean isEnded;

    AppendSession(SubmissionQueue queue) {
        this.queue = queue;
    }

    boolean isEnded() {
        return isEnded;
    }

    void end() {
        isEnded = true;
    }

    /// Appends in the order of the calls; each answer is final.
    public CompletableFuture<AppendOutcome> append(PartitionId partitionId, RecordBatch batch) {
        return queue.append(this, partitionId, batch);
    }

    /// What is not decided yet is dropped and answered `Unknown`; what comes later, too.
    @Override
    public void close() {
        queue.close(this);
    }
}
