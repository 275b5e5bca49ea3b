package io.millrace.ingest;

import io.millrace.api.TraceId;
import io.millrace.api.http.AppendSession;
import io.millrace.api.http.FeedPublisher;
import io.millrace.api.http.StoreService;
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
import io.millrace.model.Watermarks;
import io.millrace.store.RoundReport;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// The owner of a real log on a simulated disk, which commits whatever it is given at once.
final class LogService implements StoreService {

    private final FeedPublisher publisher;
    private final StoreRig rig;

    /// Guards the rig, whose steps belong to one thread at a time, and the count of published rounds.
    private final ReentrantLock lock = new ReentrantLock();

    private int published;

    LogService(FeedPublisher publisher) {
        this.publisher = publisher;
        try {
            rig = StoreRig.open(new SimulatedDisk(new SplittableRandom(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public AppendSession openSession(String ingestInstance) {
        lock.lock();
        try {
            return new Session(rig.store().openSession(ingestInstance));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Uni<CommandOutcome> execute(Command command) {
        lock.lock();
        try {
            CommandOutcome outcome = rig.execute(command);
            publish();
            return Uni.createFrom().item(outcome);
        } finally {
            lock.unlock();
        }
    }

    private void publish() {
        List<RoundReport> rounds = rig.events().rounds();
        while (published < rounds.size()) {
            RoundReport round = rounds.get(published++);
            publisher.publish(round.batches(), round.partitions(), round.catalog());
        }
    }

    @Override
    public Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        return Uni.createFrom().item(queries.stream().map(this::offset).toList());
    }

    private OffsetOutcome offset(OffsetQuery query) {
        try {
            return rig.store().offset(query);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        return Uni.createFrom().item(requests.stream().map(this::read).toList());
    }

    private ReadOutcome read(ReadRequest request) {
        try {
            return rig.store().read(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Catalog catalog() {
        return rig.store().catalog();
    }

    @Override
    public Optional<Watermarks> watermarks(PartitionId partitionId) {
        return rig.store().watermarks(partitionId);
    }

    /// One append stream.
    private final class Session implements AppendSession {

        private final io.millrace.store.AppendSession session;

        Session(io.millrace.store.AppendSession session) {
            this.session = session;
        }

        @Override
        public CompletableFuture<AppendOutcome> append(
                PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId) {
            lock.lock();
            try {
                CompletableFuture<AppendOutcome> outcome = session.append(partitionId, batch);
                rig.commitAll();
                publish();
                return outcome;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
