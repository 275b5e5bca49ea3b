package io.millrace.api.http;

import io.millrace.api.Instance;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// Range reads from one instance, wal-store or fetch.
///
/// Threads: from any thread. Errors: `Unknown` when it does not answer.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class ReadClient implements ReadService {
    private final InternalClient client;
    private final Instance to;

    public ReadClient(InternalClient client, Instance to) {
        this.client = client;
        this.to = to;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        throw new UnsupportedOperationException("in the next commit");
    }
}
