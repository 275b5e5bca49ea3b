package io.millrace.bench;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.RecordBatch;
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

/// What an append costs when each batch goes to another partition, beside one log with a single partition, in turn.
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
public class PartitionsBenchmark {

    private static final int WAITING = 256;

    @Param({"1", "100", "1000", "10000"})
    private int partitions;

    private final RecordBatch sent =
            batch().withValueBytes(1_024 - RecordBatch.HEADER_BYTES).build();
    private BenchDirectory directory;
    private BenchStore one;
    private BenchStore many;
    private Background upkeepOfOne;
    private Background upkeepOfMany;
    private int next;

    /// Sums over an iteration, in microseconds.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Sums {

        /// Counted by the benchmark.
        public long rounds;
        /// With one partition.
        public long one;
        /// With as many as the parameter says.
        public long many;
        /// Of the thread that commits.
        public long oneCpu;
        /// Of the thread that commits.
        public long manyCpu;
    }

    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = BenchDirectory.create();
        one = BenchStore.open(directory.storage("one"), BenchStore.UNSEALED, 1);
        many = BenchStore.open(directory.storage("many"), BenchStore.UNSEALED, partitions);
        upkeepOfOne = one.keepUp();
        upkeepOfMany = many.keepUp();
    }

    /// Outside of what is measured: retention does it now and then.
    @Setup(Level.Iteration)
    public void freeSpace() {
        one.deleteAllRecords();
        many.deleteAllRecords();
    }

    @Benchmark
    public void inTurn(Sums sums) throws IOException {
        Cost oneCost = Cost.of(() -> one.append(sent, WAITING, 0));
        Cost manyCost = Cost.of(() -> many.append(sent, WAITING, next));
        next += WAITING;
        sums.rounds++;
        sums.one += oneCost.nanos() / 1_000;
        sums.many += manyCost.nanos() / 1_000;
        sums.oneCpu += oneCost.cpuNanos() / 1_000;
        sums.manyCpu += manyCost.cpuNanos() / 1_000;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        upkeepOfOne.close();
        upkeepOfMany.close();
        one.store().close();
        many.store().close();
        directory.close();
    }
}
