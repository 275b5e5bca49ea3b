package io.millrace.bench;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.TopicId;
import io.millrace.sealed.SealOptions;
import io.millrace.store.AppendSession;
import io.millrace.store.LogStore;
import io.millrace.store.StoreEnvironment;
import io.millrace.store.WalOptions;
import io.millrace.testkit.PlainBatchCleaner;
import io.millrace.testkit.SimulatedClock;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/// A log on a real disk with one topic, whose commit steps the benchmark takes itself.
///
/// Threads: one, beside which the upkeep thread of [#keepUp] may work.
record BenchStore(LogStore store, AppendSession session, TopicId topicId, int partitionCount) {

    /// Never begins a pass.
    static final SealOptions UNSEALED = new SealOptions(1_000_000, 1_000_000, 1, 1, 1, 1, 2, 1, 0);

    /// The same few batches wait again and again, so that they take no memory.
    private static final long QUEUE_BYTES_MAX = 1L << 30;

    static BenchStore open(WalStorage storage, SealOptions sealing, int partitionCount) throws IOException {
        LogStore store = LogStore.open(storage, options(sealing), environment(), new QuietEvents());
        Command create = new Command.CreateTopic("t", partitionCount, 1, Map.of(), Command.Mode.EXECUTE);
        CommandOutcome outcome = execute(store, create);
        if (outcome instanceof CommandOutcome.TopicStored(var topic)) {
            return new BenchStore(store, store.openSession("bench"), topic.id(), partitionCount);
        }
        throw new IllegalStateException("the topic was not created: " + outcome);
    }

    static StoreEnvironment environment() {
        SimulatedClock clock = new SimulatedClock(1);
        return new StoreEnvironment(clock, clock, new Random(1), new PlainBatchCleaner());
    }

    /// The defaults, without checkpoints between those that free segments.
    static WalOptions options(SealOptions sealing) {
        WalOptions defaults = WalOptions.defaults();
        return new WalOptions(
                defaults.segmentBytes(),
                defaults.recycledSegmentsMax(),
                defaults.roundBytesMax(),
                defaults.batchBytesMax(),
                QUEUE_BYTES_MAX,
                defaults.queueCountMax(),
                defaults.readBytesMax(),
                defaults.partitionCountMax(),
                defaults.resourceCountMax(),
                defaults.defaultPartitionCount(),
                defaults.replicationFactorMax(),
                defaults.spareBytesMin(),
                defaults.producerExpiry(),
                defaults.retentionCheckInterval(),
                Long.MAX_VALUE,
                defaults.checkpointSliceMax(),
                sealing,
                defaults.compactionMapBytes(),
                defaults.scrub());
    }

    private static CommandOutcome execute(LogStore store, Command command) {
        CompletableFuture<CommandOutcome> answer = store.execute(command);
        while (!answer.isDone()) {
            store.commitIfDue();
        }
        return answer.join();
    }

    /// Does what the service's upkeep thread does.
    Background keepUp() {
        return new Background("upkeep", store::upkeep);
    }

    PartitionId partition(int number) {
        return new PartitionId(topicId, number % partitionCount);
    }

    /// Appends copies of a batch to one partition after the other, and returns when all are durable.
    void append(RecordBatch batch, int count, int firstPartition) {
        CompletableFuture<AppendOutcome> last = new CompletableFuture<>();
        for (int i = 0; i < count; i++) {
            last = session.append(partition(firstPartition + i), batch);
        }
        while (!last.isDone()) {
            store.commitIfDue();
        }
        if (!(last.join() instanceof AppendOutcome.Appended)) {
            throw new IllegalStateException("the log did not take a batch: " + last.join());
        }
    }

    /// Gives the segments back.
    void deleteAllRecords() {
        for (int i = 0; i < partitionCount; i++) {
            execute(store, new Command.DeleteRecords(partition(i), -1));
        }
    }
}
