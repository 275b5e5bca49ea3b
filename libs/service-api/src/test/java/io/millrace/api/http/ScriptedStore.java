package io.millrace.api.http;

import io.millrace.api.TraceId;
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
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// A store that does what a test tells it; remembers what it was asked.
final class ScriptedStore implements StoreService {

    final Queue<Integer> appendedNumbers = new ConcurrentLinkedQueue<>();
    final Queue<Optional<TraceId>> traceIds = new ConcurrentLinkedQueue<>();
    final Queue<CompletableFuture<AppendOutcome>> held = new ConcurrentLinkedQueue<>();
    final List<String> sessions = new CopyOnWriteArrayList<>();
    final List<String> closedSessions = new CopyOnWriteArrayList<>();
    final AtomicLong heldBytes = new AtomicLong();
    final Map<PartitionId, Watermarks> watermarks = new ConcurrentHashMap<>();

    volatile boolean isHolding;
    volatile Catalog catalog = Catalog.of("cluster-a", 1, 1, List.of());
    volatile Function<ReadRequest, ReadOutcome> reads = _ -> new ReadOutcome.Unknown("not told");
    volatile Function<OffsetQuery, OffsetOutcome> offsets = _ -> new OffsetOutcome.NotFound();
    volatile Function<Command, Uni<CommandOutcome>> commands =
            _ -> Uni.createFrom().item(new CommandOutcome.ProducerIds(1_000, 10));

    @Override
    public AppendSession openSession(String ingestInstance) {
        sessions.add(ingestInstance);
        return new Session(ingestInstance);
    }

    private final class Session implements AppendSession {
        private final String ingestInstance;

        Session(String ingestInstance) {
            this.ingestInstance = ingestInstance;
        }

        @Override
        public CompletableFuture<AppendOutcome> append(PartitionId id, RecordBatch batch, Optional<TraceId> traceId) {
            appendedNumbers.add(batch.baseSequence());
            traceIds.add(traceId);
            if (!isHolding) {
                return CompletableFuture.completedFuture(new AppendOutcome.Appended(batch.baseSequence(), 0, -1));
            }
            CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();
            heldBytes.addAndGet(batch.sizeInBytes());
            held.add(answer);
            return answer;
        }

        @Override
        public void close() {
            closedSessions.add(ingestInstance);
        }
    }

    /// Answers everything that is held, and what comes from now on at once.
    void release() {
        isHolding = false;
        CompletableFuture<AppendOutcome> answer = held.poll();
        while (answer != null) {
            answer.complete(new AppendOutcome.Appended(0, 0, -1));
            answer = held.poll();
        }
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        List<ReadOutcome> outcomes = new ArrayList<>();
        requests.forEach(request -> outcomes.add(reads.apply(request)));
        return Uni.createFrom().item(outcomes);
    }

    @Override
    public Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        return Uni.createFrom().item(queries.stream().map(offsets).toList());
    }

    @Override
    public Uni<SizesOutcome> sizes(List<PartitionId> partitionIds) {
        return Uni.createFrom()
                .item(new SizesOutcome.Sizes(
                        "/data",
                        9,
                        7,
                        partitionIds.stream().map(id -> (long) id.partition()).toList()));
    }

    @Override
    public Uni<CommandOutcome> execute(Command command) {
        return commands.apply(command);
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Optional<Watermarks> watermarks(PartitionId partitionId) {
        return Optional.ofNullable(watermarks.get(partitionId));
    }
}
