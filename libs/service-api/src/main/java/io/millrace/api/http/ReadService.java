package io.millrace.api.http;

import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// What an instance does that answers range reads: wal-store, and fetch on behalf of ingest.
///
/// Threads: called on an event loop, never blocks it; may answer on any thread.
public interface ReadService {

    /// One outcome per request, in the same order; together no more than about the total, except that the first batch
    /// found is answered whole.
    Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax);
}
