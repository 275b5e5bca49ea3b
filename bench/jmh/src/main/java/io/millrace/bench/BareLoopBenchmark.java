package io.millrace.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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

/// The least that a durable append can cost: copy, checksum, one write and one force into a zero-filled file.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open before it measures.
public class BareLoopBenchmark {

    private static final int FILE_BYTES = 64 << 20;
    private static final int ALIGNMENT = 4096;

    @Param({"1024", "16384"})
    private int batchBytes;

    @Param({"1", "64", "256"})
    private int waiting;

    private FileChannel file;
    private ByteBuffer batch;
    private ByteBuffer round;
    private long position;

    @Setup(Level.Trial)
    public void open() throws IOException {
        Path directory = Path.of(System.getProperty("millrace.bench.directory", "target"));
        Path path = Files.createTempFile(directory, "bare", ".wal");
        file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (int at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            file.write(zeros.rewind(), at);
        }
        file.force(true);
        batch = ByteBuffer.allocate(batchBytes);
        while (batch.hasRemaining()) {
            batch.put((byte) 'x');
        }
        round = ByteBuffer.allocateDirect((waiting * batchBytes + ALIGNMENT - 1) & -ALIGNMENT);
    }

    @Benchmark
    public long writeAndForce() throws IOException {
        round.clear();
        for (int i = 0; i < waiting; i++) {
            round.put(batch.rewind());
        }
        CRC32C crc = new CRC32C();
        crc.update(round.rewind());
        if (position + round.capacity() > FILE_BYTES) {
            position = 0;
        }
        file.write(round.rewind(), position);
        file.force(false);
        position += round.capacity();
        return crc.getValue();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        file.close();
    }
}
