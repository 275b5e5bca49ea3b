package io.millrace.bench;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.store.AppendSession;
import io.millrace.store.LogStore;
import io.millrace.store.StoreEnvironment;
import io.millrace.store.WalOptions;
import io.millrace.testkit.PlainBatchCleaner;
import io.millrace.testkit.RecordedEvents;
import io.millrace.testkit.SimulatedClock;
import io.millrace.wal.storage.FileStorage;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How long it takes until all of a number of waiting batches are durable and answered.
///
/// One invocation appends `waiting` batches; compare with [BareLoopBenchmark], which writes and forces the same
/// bytes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open before it measures.
public class AppendBenchmark {

    @Param({"1024", "16384"})
    private int batchBytes;

    @Param({"1", "64", "256"})
    private int waiting;

    private LogStore store;

    private AppendSession session;
    private PartitionId partition;
    private RecordBatch sent;

    @Setup(Level.Trial)
    public void open() throws IOException {
        Path directory = Files.createTempDirectory(
                Path.of(System.getProperty("millrace.bench.directory", "target"))
                        .toAbsolutePath(),
                "append");
        SimulatedClock clock = new SimulatedClock(1);
        store = LogStore.open(
                FileStorage.open(directory, VolatileMemory.ALLOW),
                WalOptions.defaults(),
                new StoreEnvironment(clock, clock, new Random(1), new PlainBatchCleaner()),
                new RecordedEvents());
        session = store.openSession("bench");
        var created = store.execute(new Command.CreateTopic("t", 1, 1, Map.of(), Command.Mode.EXECUTE));
        store.commitIfDue();
        partition = new PartitionId(
                ((CommandOutcome.TopicStored) created.join()).topic().id(), 0);
        sent = batch().withValueBytes(batchBytes - RecordBatch.HEADER_BYTES).build();
    }

    /// Outside of what is measured: a service does it on a thread of its own.
    @Setup(Level.Iteration)
    public void freeSpace() {
        var deleted = store.execute(new Command.DeleteRecords(partition, -1));
        while (!deleted.isDone()) {
            store.commitIfDue();
        }
        for (int i = 0; i < 3; i++) {
            store.upkeep();
            store.commitIfDue();
        }
    }

    @Benchmark
    public AppendOutcome append() {
        List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>(waiting);
        for (int i = 0; i < waiting; i++) {
            answers.add(session.append(partition, sent));
        }
        CompletableFuture<AppendOutcome> last = answers.getLast();
        while (!last.isDone()) {
            store.commitIfDue();
        }
        return last.join();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
    }
}
