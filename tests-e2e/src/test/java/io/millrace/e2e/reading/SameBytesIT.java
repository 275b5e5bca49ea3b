package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.HostPort;
import io.millrace.e2e.cluster.LaunchedCluster;
import io.millrace.e2e.cluster.LaunchedCluster.Instance;
import io.millrace.e2e.cluster.Metrics;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever answers for an offset - ingest, either of two fetch instances, from a cache, the log or a sealed file,
/// before and after restarts - has the bytes that the producer was acknowledged.
///
/// Source: failures F10, F39.
final class SameBytesIT {
    private static final int FETCH_VERSION = 10;
    private static final int PRODUCE_VERSION = 9;
    private static final int STEPS = Tier.rounds(400, 20_000);
    private static final int RESTART_EVERY = 100;
    private static final List<Compression> COMPRESSIONS = List.of(
            Compression.NONE, Compression.lz4().build(), Compression.zstd().build());

    /// Little memory and small files, so that each way to a record is taken within minutes.
    private static final String WAL_STORE = """
            millrace.wal-store.segment-size=4M
            millrace.wal-store.round-size-max=1M
            millrace.wal-store.batch-size-max=2M
            millrace.wal-store.seal-segments-min=1
            """;

    private static final String FETCH = """
            millrace.fetch.tail-cache-size=512K
            millrace.fetch.past-cache-size=512K
            millrace.fetch.read-ahead-size=32K
            """;

    private final List<Written> written = new ArrayList<>();
    private final Map<String, Instance> instances = new HashMap<>();
    private double sealedFiles;
    private double pushedBytes;

    @TempDir
    private Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private LaunchedCluster cluster;

    record Written(long baseOffset, long endOffset, ByteBuffer producersBytes) {}

    @BeforeEach
    void start() {
        cluster = LaunchedCluster.up("same-bytes", Map.of("wal-store", WAL_STORE, "fetch", FETCH), temporary);
        cluster.scale(Service.FETCH, 2);
        cluster.instances().forEach(instance -> instances.put(instance.name(), instance));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void eachOffsetHasTheSameBytesWhoeverIsAskedAndWhen() {
        Random random = Seed.print("SameBytesIT").random();
        new Clients(cluster.bootstrap()).createTopic("same-bytes", 1);
        for (int step = 0; step < STEPS; step++) {
            if (step % RESTART_EVERY == RESTART_EVERY - 1) {
                String struck =
                        List.of("wal-store", "fetch", "fetch-1", "ingest").get(random.nextInt(4));
                count();
                cluster.kill(struck);
                cluster.up(struck);
            }
            String reader = List.of("ingest", "fetch", "fetch-1").get(random.nextInt(3));
            try (RawConnection producer = open("ingest");
                    RawConnection connection = open(reader)) {
                RawTopic topic = RawTopic.find(producer, "same-bytes");
                waitAndWrite(topic, producer, connection, random);
                readAnywhere(topic, connection, random);
            }
        }
        count();

        assertThat(sealedFiles).isPositive();
        assertThat(pushedBytes).isPositive();
    }

    /// A reader that waits at the end gets what is written then.
    private void waitAndWrite(RawTopic topic, RawConnection producer, RawConnection reader, Random random) {
        int index = written.size();
        long end = written.isEmpty() ? 0 : written.getLast().endOffset();
        reader.post(topic.fetchRequest(Range.at(0, end).waiting(1, 20_000), FETCH_VERSION), FETCH_VERSION);
        write(topic, producer, random);
        assertWritten(index, RawTopic.fetched(reader.receive(FetchResponseData.class)));
    }

    private void write(RawTopic topic, RawConnection producer, Random random) {
        int count = 1 + random.nextInt(500);
        String prefix = Long.toString(random.nextLong()).repeat(1 + random.nextInt(30));
        var batch = Batches.numbered(prefix, count, COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size())));
        ByteBuffer bytes = Batches.producersBytes(batch.batches().iterator().next());
        var answer = topic.produce(producer, 0, batch, PRODUCE_VERSION);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        written.add(new Written(answer.baseOffset(), answer.baseOffset() + count, bytes));
    }

    /// Reads from a random batch on, at any offset in it, as far as one answer goes.
    private void readAnywhere(RawTopic topic, RawConnection reader, Random random) {
        int index = random.nextInt(written.size());
        Written first = written.get(index);
        long offset = random.nextLong(first.baseOffset(), first.endOffset());
        Range range = Range.at(0, offset).limitedTo(1 + random.nextInt(300_000));
        assertWritten(index, topic.fetch(reader, range, FETCH_VERSION));
    }

    private void assertWritten(int index, PartitionData answer) {
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        int at = index;
        for (MutableRecordBatch batch : RawTopic.records(answer).batches()) {
            assertThat(batch.baseOffset()).isEqualTo(written.get(at).baseOffset());
            assertThat(Batches.producersBytes(batch)).isEqualTo(written.get(at).producersBytes());
            at++;
        }
        assertThat(at).isGreaterThan(index);
    }

    /// A process that is killed forgets its counters.
    private void count() {
        Metrics walStore = new Metrics(instance("wal-store").rest());
        sealedFiles += walStore.sum("millrace_wal_sealing_files_total");
        pushedBytes += walStore.sum("millrace_wal_tail_pushed_bytes_total");
    }

    private RawConnection open(String name) {
        return RawConnection.open(HostPort.parse(instance(name).kafka()));
    }

    private Instance instance(String name) {
        return Objects.requireNonNull(instances.get(name));
    }
}
