package io.millrace.bench;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.RecordBatch;
import io.millrace.store.WalOptions;
import io.millrace.wal.storage.FileStorage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/// How long it takes, and what it costs the processor, until all of a number of waiting batches are durable and
/// answered: by the engine and by a [BareLoop] in turn, so that a disturbance of the disk meets both.
///
/// The score is that of one turn of both; the counters tell them apart.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 4)
// As wal-store runs.
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:+UseTransparentHugePages"})
@SuppressWarnings("NullAway.Init") // JMH calls open before it measures.
public class AppendBenchmark {

    @Param({"1024", "16384", "262144"})
    private int batchBytes;

    @Param({"1", "64", "256", "1024"})
    private int waiting;

    private BenchDirectory directory;
    private FileStorage bareStorage;
    private BareLoop bare;
    private BenchStore engine;
    private Background upkeep;
    private RecordBatch sent;

    /// Sums over an iteration, in microseconds.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Sums {

        /// Counted by the benchmark.
        public long rounds;
        /// Until the batches were durable and answered.
        public long engine;
        /// Until the same bytes were durable.
        public long bare;
        /// Of the thread that commits.
        public long engineCpu;
        /// Of the thread that writes and forces.
        public long bareCpu;
    }

    @Setup(Level.Trial)
    public void open() throws IOException {
        sent = batch().withValueBytes(batchBytes - RecordBatch.HEADER_BYTES).build();
        directory = BenchDirectory.create();
        bareStorage = directory.storage("bare");
        bare = new BareLoop(bareStorage, batchBytes, WalOptions.defaults().roundBytesMax());
        engine = BenchStore.open(directory.storage("engine"), BenchStore.UNSEALED, 1);
        upkeep = engine.keepUp();
    }

    /// Outside of what is measured: retention does it now and then.
    @Setup(Level.Iteration)
    public void freeSpace() {
        engine.deleteAllRecords();
    }

    @Benchmark
    public void inTurn(Sums sums) throws IOException {
        Cost engineCost = Cost.of(() -> engine.append(sent, waiting, 0));
        Cost bareCost = Cost.of(() -> bare.append(waiting));
        sums.rounds++;
        sums.engine += engineCost.nanos() / 1_000;
        sums.bare += bareCost.nanos() / 1_000;
        sums.engineCpu += engineCost.cpuNanos() / 1_000;
        sums.bareCpu += bareCost.cpuNanos() / 1_000;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        upkeep.close();
        engine.store().close();
        bare.close();
        bareStorage.close();
        directory.close();
    }
}
