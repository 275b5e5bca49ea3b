package io.millrace.api.http;

import io.millrace.api.CallFailedException;
import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
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
import io.millrace.model.SizesOutcome;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// wal-store as the other services see it.
///
/// Threads: all methods from any thread; answers arrive on any thread. Appends keep the order of the calls of one
/// thread.
/// Errors: a call whose fate is not known is `Unknown`; nothing is ever sent twice, unless a caller subscribes twice.
public final class StoreClient implements ReadService {

    private static final String NO_OWNER = "no wal-store answers";

    private final InternalClient client;
    private final Instances instances;
    private final AppendStream appends;
    private final Optional<TraceId> traceId;

    public StoreClient(InternalClient client, Instances instances, Instance self) {
        this(client, instances, new AppendStream(client, instances, self), Optional.empty());
    }

    private StoreClient(InternalClient client, Instances instances, AppendStream appends, Optional<TraceId> traceId) {
        this.client = client;
        this.instances = instances;
        this.appends = appends;
        this.traceId = traceId;
    }

    /// Opens the append stream now and whenever it broke; only ingest needs it.
    public void openAppendStream() {
        appends.open();
    }

    public Uni<AppendOutcome> append(PartitionId partitionId, RecordBatch batch) {
        return append(partitionId, batch, trace());
    }

    /// Queues the batch at once, also if nobody subscribes to the answer.
    public Uni<AppendOutcome> append(PartitionId partitionId, RecordBatch batch, Optional<TraceId> trace) {
        return Uni.createFrom().completionStage(appends.append(partitionId, batch, trace));
    }

    /// False while so many bytes are in flight that callers should stop reading from their own clients.
    public boolean isWritable() {
        return appends.inFlight().hasRoom();
    }

    /// Answers as soon as [#isWritable].
    public Uni<Void> writable() {
        return Uni.createFrom().completionStage(() -> appends.inFlight().room());
    }

    /// For metrics and health.
    public AppendStreamStatus appendStream() {
        return appends.status();
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        Optional<Instance> owner = owner();
        if (owner.isEmpty()) {
            return Uni.createFrom().item(Collections.nCopies(requests.size(), new ReadOutcome.Unknown(NO_OWNER)));
        }
        return new ReadClient(client, owner.get(), trace()).read(requests, totalBytesMax);
    }

    public Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        return call(Paths.OFFSETS, out -> OffsetCodec.writeQueries(out, queries), OffsetCodec::readOutcomes)
                .onFailure(CallFailedException.class)
                .recoverWithItem(failure -> Collections.nCopies(
                        queries.size(), new OffsetOutcome.Unknown(String.valueOf(failure.getMessage()))));
    }

    /// How many bytes are kept of each of these partitions.
    public Uni<SizesOutcome> sizes(List<PartitionId> partitionIds) {
        return call(Paths.SIZES, out -> SizesCodec.writePartitions(out, partitionIds), SizesCodec::readOutcome)
                .onFailure(CallFailedException.class)
                .recoverWithItem(failure -> new SizesOutcome.Unknown(String.valueOf(failure.getMessage())));
    }

    public Uni<CommandOutcome> execute(Command command) {
        return call(Paths.COMMAND, out -> CommandCodec.write(out, command), CommandCodec::readOutcome)
                .onFailure(CallFailedException.class)
                .recoverWithItem(failure -> new CommandOutcome.Unknown(String.valueOf(failure.getMessage())));
    }

    /// The store's catalog; fails with [CallFailedException] when it does not answer.
    public Uni<Catalog> catalog() {
        return catalogSince(Catalog.of("", 0, 0, List.of()));
    }

    /// The store's catalog, or the one that is known if the store has no other; few bytes travel then.
    public Uni<Catalog> catalogSince(Catalog known) {
        Consumer<WireWriter> question = out ->
                out.putString(known.clusterId()).putInt(known.ownerEpoch()).putLong(known.version());
        return call(Paths.CATALOG, question, in -> in.remaining() == 0 ? known : ModelCodec.readCatalog(in));
    }

    /// The same store for the calls on behalf of one request.
    public StoreClient traced(TraceId trace) {
        return new StoreClient(client, instances, appends, Optional.of(trace));
    }

    public Uni<Void> close() {
        appends.close();
        return Uni.createFrom().voidItem();
    }

    private <T> Uni<T> call(String path, Consumer<WireWriter> question, Function<WireReader, T> answer) {
        Optional<Instance> owner = owner();
        if (owner.isEmpty()) {
            return Uni.createFrom().failure(noOwner());
        }
        WireWriter body = new WireWriter(256);
        question.accept(body);
        HostPort address = owner.get().internal();
        Call call = Call.post(address, path, body, client.options().calls().call());
        return Exchange.start(client.vertx(), client.calls(), call, client::wholeBody, trace())
                .onFailure()
                .invoke(_ -> instances.suspect(owner.get()))
                .map((ByteBuffer bytes) -> WireReader.decode(bytes, answer))
                .onFailure(MalformedMessageException.class)
                .transform(failure -> Exchange.failed(call, failure));
    }

    private Optional<Instance> owner() {
        return instances.live(ServiceKind.WAL_STORE).stream().findFirst();
    }

    private Optional<TraceId> trace() {
        return traceId.isPresent() ? traceId : TraceContext.current();
    }

    private static CallFailedException noOwner() {
        return new CallFailedException(NO_OWNER);
    }
}
