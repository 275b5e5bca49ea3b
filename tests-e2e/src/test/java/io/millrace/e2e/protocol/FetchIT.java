package io.millrace.e2e.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Reads at every offset, request by request, from each service that answers Fetch.
///
/// Source: failures F02 (the first batches again and again), F10 (the same offset, other bytes), F11 (30 s time-outs),
/// F39.
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FetchIT {
    private static final int VERSION = 12;
    /// Before KIP-392: such a client cannot be sent to a fetch node, so it waits where it asks.
    private static final int VERSION_WITHOUT_REDIRECTS = 10;
    private static final int PARTITIONS = 3;
    private static final int[] BATCH_SIZES = {1, 7, 50, 1, 1, 200, 13, 3, 90, 2};
    /// What a busy machine may add to a long poll; the protocol gives the rest.
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final MillraceCluster cluster;
    private final Map<Service, RawConnection> connections = new HashMap<>();
    private final List<Produced> produced = new ArrayList<>();
    private final RawTopic topic;
    private final RawTopic quiet;

    record Produced(int partition, long baseOffset, long endOffset, ByteBuffer producersBytes) {}

    FetchIT(MillraceCluster cluster) {
        this.cluster = cluster;
        Clients clients = new Clients(cluster.bootstrap());
        clients.createTopic("fetch-every-offset", PARTITIONS);
        clients.createTopic("fetch-nothing-there", 1);
        connections.put(Service.INGEST, RawConnection.open(cluster.kafka(Service.INGEST)));
        connections.put(Service.FETCH, RawConnection.open(cluster.kafka(Service.FETCH)));
        topic = RawTopic.find(connection(Service.INGEST), "fetch-every-offset");
        quiet = RawTopic.find(connection(Service.INGEST), "fetch-nothing-there");
    }

    static Stream<Service> readers() {
        return Stream.of(Service.INGEST, Service.FETCH);
    }

    @BeforeAll
    void produce() {
        List<Compression> compressions = List.of(
                Compression.NONE, Compression.lz4().build(), Compression.zstd().build());
        for (int i = 0; i < BATCH_SIZES.length * PARTITIONS; i++) {
            int partition = i % PARTITIONS;
            MemoryRecords batch =
                    Batches.numbered("value-" + i + "-", BATCH_SIZES[i / PARTITIONS], compressions.get(partition));
            ByteBuffer bytes = Batches.producersBytes(batch.batches().iterator().next());
            var answer = topic.produce(connection(Service.INGEST), partition, batch, 9);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            long end = answer.baseOffset() + BATCH_SIZES[i / PARTITIONS];
            produced.add(new Produced(partition, answer.baseOffset(), end, bytes));
        }
    }

    @AfterAll
    void close() {
        connections.values().forEach(RawConnection::close);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void eachOffsetIsAnsweredWithTheBatchThatCoversIt(Service reader) {
        for (Produced batch : produced) {
            for (long offset = batch.baseOffset(); offset < batch.endOffset(); offset++) {
                MutableRecordBatch first = firstBatch(reader, Range.at(batch.partition(), offset));

                assertThat(first.baseOffset()).isEqualTo(batch.baseOffset());
                assertThat(first.lastOffset()).isEqualTo(batch.endOffset() - 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void theProducersBytesComeBackUnchanged(Service reader) {
        for (Produced batch : produced) {
            MutableRecordBatch first = firstBatch(reader, Range.at(batch.partition(), batch.baseOffset()));

            first.ensureValid();
            assertThat(Batches.producersBytes(first)).isEqualTo(batch.producersBytes());
        }
    }

    @Test
    void theSameOffsetHasTheSameBytesFromEachServiceAndEachTime() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<ByteBuffer> answers = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                answers.add(bytes(Service.INGEST, Range.at(partition, 60)));
                answers.add(bytes(Service.FETCH, Range.at(partition, 60)));
            }

            assertThat(answers).allMatch(answers.getFirst()::equals);
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void theFirstBatchComesEvenWhenItIsLargerThanTheLimit(Service reader) {
        Produced large = produced.stream()
                .filter(batch -> batch.endOffset() - batch.baseOffset() == 200)
                .findFirst()
                .orElseThrow();

        MemoryRecords records = RawTopic.records(fetch(
                reader, topic, Range.at(large.partition(), large.baseOffset()).limitedTo(100)));

        assertThat(records.batches().iterator().next().lastOffset()).isEqualTo(large.endOffset() - 1);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void nothingThereIsAnsweredAtMaxWait(Service reader) {
        Range atTheEnd = Range.at(0, 0).waiting(1, 700);
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();

            FetchResponseData.PartitionData answer =
                    quiet.fetch(connection(reader), atTheEnd, VERSION_WITHOUT_REDIRECTS);

            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            assertThat(RawTopic.records(answer).sizeInBytes()).isZero();
            assertThat(waited)
                    .isBetween(Duration.ofMillis(690), Duration.ofMillis(700).plus(SLACK));
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void dataThatIsThereIsAnsweredAtOnce(Service reader) {
        long start = System.nanoTime();

        FetchResponseData.PartitionData answer =
                fetch(reader, topic, Range.at(0, 0).waiting(1, 20_000));

        assertThat(RawTopic.records(answer).sizeInBytes()).isPositive();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"INGEST", "FETCH"})
    void dataThatComesWhileAReaderWaitsEndsTheWait(Service reader) {
        Clients clients = new Clients(cluster.bootstrap());
        String name = "fetch-wakes-" + reader.id();
        clients.createTopic(name, 1);
        RawTopic waking = RawTopic.find(connection(Service.INGEST), name);
        try (RawConnection waiting = RawConnection.open(cluster.kafka(reader))) {
            for (int offset = 0; offset < 5; offset++) {
                long start = System.nanoTime();
                waiting.post(
                        waking.fetchRequest(Range.at(0, offset).waiting(1, 20_000), VERSION_WITHOUT_REDIRECTS),
                        VERSION_WITHOUT_REDIRECTS);
                waking.produce(producer(), 0, Batches.of("wake up " + offset), 9);

                FetchResponseData.PartitionData answer = RawTopic.fetched(waiting.receive(FetchResponseData.class));

                assertThat(RawTopic.records(answer).batches().iterator().next().baseOffset())
                        .isEqualTo(offset);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void minBytesIsWaitedFor(Service reader) {
        long start = System.nanoTime();

        FetchResponseData.PartitionData answer =
                fetch(reader, topic, Range.at(0, 0).waiting(50_000_000, 600));

        assertThat(RawTopic.records(answer).sizeInBytes()).isPositive();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(590));
    }

    /// The wait that is left after some news came can be shorter than any timer.
    @ParameterizedTest
    @MethodSource("readers")
    void aShortWaitEndsInTimeAlsoWhenNewsCame(Service reader) {
        String name = "fetch-short-waits-" + reader.id();
        new Clients(cluster.bootstrap()).createTopic(name, 1);
        RawTopic busy = RawTopic.find(connection(Service.INGEST), name);
        try (RawConnection waiting = RawConnection.open(cluster.kafka(reader))) {
            for (int i = 0; i < 200; i++) {
                waiting.post(
                        busy.fetchRequest(Range.at(0, 0).waiting(50_000_000, 1 + i % 10), VERSION_WITHOUT_REDIRECTS),
                        VERSION_WITHOUT_REDIRECTS);
                busy.produce(producer(), 0, Batches.of("news " + i), 9);

                FetchResponseData answer = waiting.receive(FetchResponseData.class);

                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            }
        }
    }

    /// Source: KIP-392, and why the records come too: a client that cannot reach the fetch node must not stall.
    @Test
    void ingestSendsKafkasClientToAFetchNodeAndGivesItItsRecordsToo() {
        try (RawConnection fresh = RawConnection.openAsJavaClient(cluster.kafka(Service.INGEST))) {
            String name = "fetch-redirects";
            new Clients(cluster.bootstrap()).createTopic(name, 1);
            RawTopic redirecting = RawTopic.find(fresh, name);
            redirecting.produce(fresh, 0, Batches.of("a record"), 9);

            FetchResponseData.PartitionData first = redirecting.fetch(fresh, Range.at(0, 0), VERSION);
            FetchResponseData.PartitionData second = redirecting.fetch(fresh, Range.at(0, 0), VERSION);

            assertThat(first.preferredReadReplica()).isBetween(2_000, 2_999);
            assertThat(RawTopic.records(first).sizeInBytes()).isPositive();
            assertThat(second.preferredReadReplica()).isEqualTo(-1);
            assertThat(RawTopic.records(second)).isEqualTo(RawTopic.records(first));
        }
    }

    /// It might wait for minutes for a node that died.
    @Test
    void ingestSendsNoStrangerAway() {
        try (RawConnection stranger = RawConnection.open(cluster.kafka(Service.INGEST))) {
            FetchResponseData.PartitionData answer = topic.fetch(stranger, Range.at(0, 0), VERSION);

            assertThat(answer.preferredReadReplica()).isEqualTo(-1);
            assertThat(RawTopic.records(answer).sizeInBytes()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void anOffsetBeyondTheEndIsOutOfRange(Service reader) {
        FetchResponseData.PartitionData beyond = fetch(reader, topic, Range.at(0, 1_000_000));
        FetchResponseData.PartitionData before = fetch(reader, topic, Range.at(0, -5));

        assertThat(Errors.forCode(beyond.errorCode())).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(Errors.forCode(before.errorCode())).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    private MutableRecordBatch firstBatch(Service reader, Range range) {
        return RawTopic.records(fetch(reader, topic, range))
                .batches()
                .iterator()
                .next();
    }

    private ByteBuffer bytes(Service reader, Range range) {
        return RawTopic.records(fetch(reader, topic, range)).buffer();
    }

    private FetchResponseData.PartitionData fetch(Service reader, RawTopic from, Range range) {
        return from.fetch(connection(reader), range, VERSION);
    }

    private RawConnection producer() {
        return connection(Service.INGEST);
    }

    private RawConnection connection(Service service) {
        return java.util.Objects.requireNonNull(connections.get(service));
    }
}
