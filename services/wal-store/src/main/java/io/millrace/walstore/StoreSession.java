package io.millrace.walstore;

import io.millrace.api.TraceId;
import io.millrace.api.http.AppendSession;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/// One append stream's end in the log.
///
/// Threads: as [AppendSession] says.
final class StoreSession implements AppendSession {

    private static final Logger LOG = Logger.getLogger(StoreSession.class);
    private static final String STOPPING = "wal-store is stopping; this batch is not in the log";

    private final io.millrace.store.AppendSession session;
    private final StoreOwner owner;
    private final WalMeters meters;

    StoreSession(io.millrace.store.AppendSession session, StoreOwner owner, WalMeters meters) {
        this.session = session;
        this.owner = owner;
        this.meters = meters;
    }

    @Override
    public CompletableFuture<AppendOutcome> append(
            PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId) {
        if (!(owner.state() instanceof OwnerState.Serving)) {
            return CompletableFuture.completedFuture(new AppendOutcome.Refused(Refusal.OVERLOADED, STOPPING));
        }
        CompletableFuture<AppendOutcome> outcome = session.append(partitionId, batch);
        return traceId.isEmpty() && !LOG.isDebugEnabled()
                ? outcome.whenComplete((done, bug) -> count(done))
                : outcome.whenComplete((done, bug) -> {
                    count(done);
                    traceId.ifPresent(
                            id -> LOG.debugf("append traceId=%s partition=%s outcome=%s", id, partitionId, done));
                });
    }

    private void count(AppendOutcome outcome) {
        switch (outcome) {
            case AppendOutcome.Appended _ -> {
                // Counted by the round.
            }
            case AppendOutcome.Duplicate _ -> meters.refused("append", "DUPLICATE");
            case AppendOutcome.Refused refused ->
                meters.refused("append", refused.refusal().name());
            case AppendOutcome.Unknown _ -> meters.refused("append", "UNKNOWN");
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
