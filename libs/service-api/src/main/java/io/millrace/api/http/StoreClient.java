package io.millrace.api.http;

import io.millrace.api.Instance;
import io.millrace.api.TraceId;
import io.millrace.api.instances.Instances;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/// wal-store as the other services see it.
///
/// Threads: all methods from any thread; answers arrive on any thread. Appends keep the order of the calls of one
/// thread.
/// Errors: a call whose fate is not known is `Unknown`; nothing is ever sent twice.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class StoreClient implements ReadService {
    private final InternalClient client;
    private final Instances instances;
    private final Instance self;

    public StoreClient(InternalClient client, Instances instances, Instance self) {
        this.client = client;
        this.instances = instances;
        this.self = self;
    }

    /// Opens the append stream now and whenever it broke; only ingest needs it.
    public void openAppendStream() {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Uni<AppendOutcome> append(PartitionId partitionId, RecordBatch batch) {
        return append(partitionId, batch, Optional.empty());
    }

    /// Queues the batch at once, also if nobody subscribes to the answer.
    public Uni<AppendOutcome> append(PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// False while so many bytes are in flight that callers should stop reading from their own clients.
    public boolean isWritable() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// Answers as soon as [#isWritable].
    public Uni<Void> writable() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// For metrics and health.
    public AppendStreamStatus appendStream() {
        throw new UnsupportedOperationException("in the next commit");
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Uni<CommandOutcome> execute(Command command) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// The store's catalog; fails with [io.millrace.api.CallFailedException] when it does not answer.
    public Uni<Catalog> catalog() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// The store's catalog, or the one that is known if the store has no newer one; the bytes stay few then.
    public Uni<Catalog> catalogSince(Catalog known) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// These calls carry the trace id on.
    public StoreClient traced(Optional<TraceId> traceId) {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Uni<Void> close() {
        throw new UnsupportedOperationException("in the next commit");
    }
}
