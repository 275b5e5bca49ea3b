package io.millrace.bench;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.RecordBatch;
import io.millrace.store.LogStore;
import java.io.IOException;
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

/// How long a start takes that replays 512 MiB of the log, with batches of one size in a number of partitions.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgs = "-Xmx256m")
@SuppressWarnings("NullAway.Init") // JMH calls write before it measures.
public class RecoveryBenchmark {

    private static final int LOG_BYTES = 512 << 20;
    private static final int WAITING = 256;

    @Param({"1024", "16384"})
    private int batchBytes;

    @Param({"1", "1000"})
    private int partitions;

    private BenchDirectory directory;

    @Setup(Level.Trial)
    public void write() throws IOException {
        directory = BenchDirectory.create();
        RecordBatch sent =
                batch().withValueBytes(batchBytes - RecordBatch.HEADER_BYTES).build();
        BenchStore log = BenchStore.open(directory.storage("log"), BenchStore.UNSEALED, partitions);
        for (int count = 0; count < LOG_BYTES / batchBytes; count += WAITING) {
            log.append(sent, WAITING, count);
        }
        log.store().close();
    }

    @Benchmark
    public void start() throws IOException {
        LogStore.open(
                        directory.storage("log"),
                        BenchStore.options(BenchStore.UNSEALED),
                        BenchStore.environment(),
                        new QuietEvents())
                .close();
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        directory.close();
    }
}
