package io.millrace.walstore;

import io.millrace.api.http.AppendSession;
import io.millrace.api.http.StoreService;
import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Refusal;
import io.millrace.model.SizesOutcome;
import io.millrace.model.Watermarks;
import io.millrace.store.LogStore;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What the other services ask of wal-store, answered by the log.
///
/// Appends and commands go to the commit thread, reads and offsets to the read threads; nothing here blocks its caller.
///
/// Threads: event loops of the internal port.
final class StoreEndpoint implements StoreService {

    private static final String NOT_SERVING = "wal-store is starting or stopping; nothing was done";
    private static final String OVERLOADED = "too many reads wait for the disk; ask again";

    private final StoreOwner owner;
    private final ReadPool pool;
    private final StoreReads reads;
    private final StoreSizes sizes;
    private final WalMeters meters;

    StoreEndpoint(StoreOwner owner, ReadPool pool, StoreReads reads, StoreSizes sizes, WalMeters meters) {
        this.owner = owner;
        this.pool = pool;
        this.reads = reads;
        this.sizes = sizes;
        this.meters = meters;
    }

    @Override
    public AppendSession openSession(String ingestInstance) {
        return switch (owner.state()) {
            case OwnerState.Serving serving ->
                new StoreSession(serving.store().openSession(ingestInstance), owner, meters);
            case OwnerState.Waiting _,
                    OwnerState.WithoutShard _,
                    OwnerState.Recovering _,
                    OwnerState.Stopping _,
                    OwnerState.Stopped _ -> new ClosedSession(NOT_SERVING);
        };
    }

    @Override
    public Uni<CommandOutcome> execute(Command command) {
        Optional<LogStore> store = serving();
        if (store.isEmpty()) {
            return Uni.createFrom().item(new CommandOutcome.Refused(Refusal.OVERLOADED, NOT_SERVING));
        }
        return Uni.createFrom().completionStage(store.get().execute(command)).invoke(outcome -> {
            if (outcome instanceof CommandOutcome.Refused refused) {
                meters.refused("command", refused.refusal().name());
            }
        });
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        Optional<LogStore> store = owner.store();
        if (store.isEmpty()) {
            return Uni.createFrom().item(sameFor(requests, new ReadOutcome.Unknown(NOT_SERVING)));
        }
        return pool.run(
                () -> reads.read(store.get(), requests, totalBytesMax),
                () -> sameFor(requests, new ReadOutcome.Refused(Refusal.OVERLOADED, OVERLOADED)));
    }

    @Override
    public Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        Optional<LogStore> store = owner.store();
        if (store.isEmpty()) {
            return Uni.createFrom().item(sameFor(queries, new OffsetOutcome.Unknown(NOT_SERVING)));
        }
        return pool.run(
                () -> reads.offsets(store.get(), queries),
                () -> sameFor(queries, new OffsetOutcome.Unknown(OVERLOADED)));
    }

    @Override
    public Uni<SizesOutcome> sizes(List<PartitionId> partitionIds) {
        Optional<LogStore> store = owner.store();
        if (store.isEmpty()) {
            return Uni.createFrom().item(new SizesOutcome.Unknown(NOT_SERVING));
        }
        return pool.run(() -> sizes.of(store.get(), partitionIds), () -> new SizesOutcome.Unknown(OVERLOADED));
    }

    @Override
    public Catalog catalog() {
        return owner.store().map(LogStore::catalog).orElseThrow(() -> new IllegalStateException(NOT_SERVING));
    }

    @Override
    public Optional<Watermarks> watermarks(PartitionId partitionId) {
        return owner.store().flatMap(store -> store.watermarks(partitionId));
    }

    private Optional<LogStore> serving() {
        return owner.state() instanceof OwnerState.Serving serving ? Optional.of(serving.store()) : Optional.empty();
    }

    private static <Q, O> List<O> sameFor(List<Q> questions, O answer) {
        return Collections.nCopies(questions.size(), answer);
    }
}
