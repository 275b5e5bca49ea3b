package io.millrace.bench;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.RecordBatch;
import io.millrace.sealed.SealOptions;
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

/// How long it takes to seal eight segments, 512 MiB, as fast as the disk allows, until they are freed.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls write before it measures.
public class SealingBenchmark {

    private static final int SEGMENTS = 8;
    private static final int WAITING = 256;

    @Param({"1024", "16384"})
    private int batchBytes;

    @Param({"1", "1000"})
    private int partitions;

    private BenchDirectory directory;
    private BenchStore log;

    private static SealOptions sealing() {
        SealOptions defaults = SealOptions.defaults();
        return new SealOptions(
                SEGMENTS,
                defaults.segmentCountMax(),
                defaults.ownFileBytesMin(),
                defaults.packedFileBytesMax(),
                defaults.stretchBytes(),
                defaults.runEntriesMax(),
                defaults.joinedRunsMin(),
                Long.MAX_VALUE,
                defaults.indexCacheBytes());
    }

    @Setup(Level.Invocation)
    public void write() throws IOException {
        directory = BenchDirectory.create();
        RecordBatch sent =
                batch().withValueBytes(batchBytes - RecordBatch.HEADER_BYTES).build();
        log = BenchStore.open(directory.storage("log"), sealing(), partitions);
        int count = 0;
        while (log.store().status().segments().size() <= SEGMENTS + 1) {
            log.append(sent, WAITING, count);
            count += WAITING;
        }
    }

    @Benchmark
    public void seal() {
        while (log.store().status().segments().size() > 2) {
            log.store().upkeep();
            log.store().commitIfDue();
        }
    }

    @TearDown(Level.Invocation)
    public void delete() throws IOException {
        log.store().close();
        directory.close();
    }
}
