package io.millrace.bench;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.partition.Entry;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.IndexEntry;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Where the batch of an offset lies, in a partition with this many batches that are not sealed.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls fill before it measures.
public class IndexBenchmark {

    private static final int BATCH_BYTES = 1_200;

    private final SplittableRandom random = new SplittableRandom(1);

    @Param({"1000", "100000", "1000000"})
    private int batches;

    private PartitionLog partition;

    @Setup
    public void fill() {
        SpaceLedger space = new SpaceLedger();
        space.open(0);
        ShardState state = new ShardState("cluster", Long.MAX_VALUE, space);
        Topic topic = new Topic(new TopicId(1, 1), "t", 1, Map.of());
        PartitionId id = new PartitionId(topic.id(), 0);
        apply(state, new Entry.TopicStored(topic), 0);
        RecordBatch sent = batch().build();
        for (int i = 0; i < batches; i++) {
            apply(state, new Entry.BatchAppended(id, sent, i, 1, -1), (long) (i + 1) * BATCH_BYTES);
        }
        state.publish(0);
        partition = Objects.requireNonNull(state.find(id));
    }

    private static void apply(ShardState state, Entry entry, long position) {
        ByteBuffer body = ByteBuffer.allocate(EntryCodec.bytes(entry));
        EntryCodec.encode(entry, body);
        state.apply(EntryCodec.type(entry), body.flip(), new ShardState.EntryPlace(position, BATCH_BYTES, 0));
    }

    @Benchmark
    public List<IndexEntry> find() {
        return partition.find(random.nextInt(batches), partition.watermarks(), 1);
    }
}
