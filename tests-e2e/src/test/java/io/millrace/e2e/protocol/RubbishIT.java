package io.millrace.e2e.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import io.millrace.e2e.journal.Comparison;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bytes that are no requests, requests that are cut, and requests that lie: each gets an answer or a closed
/// connection, and nobody else notices.
///
/// Source: failure F27 (a null array crashed the broker).
@WithCluster
final class RubbishIT {
    private static final int FRAMES = 10_000;
    private static final int HEAP_GROWTH_MAX = 32 << 20;
    /// Fits into the heap of a service, and is above the limit for all requests but Produce.
    private static final int ANNOUNCED_BYTES = 48 << 20;

    private static final int ANNOUNCEMENTS = 300;
    /// Far below what allocating each announced length would cause: the heap has room for one at a time.
    private static final int COLLECTIONS_MAX = ANNOUNCEMENTS / 10;

    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private final MillraceCluster cluster;
    private final Clients clients;

    enum Kind {
        NOISE,
        NEGATIVE_SIZE,
        HUGE_SIZE,
        LARGE_SIZE,
        EMPTY_FRAME,
        CUT_IN_THE_SIZE,
        CUT_IN_THE_BODY,
        SHORT_BODY,
        UNKNOWN_API,
        UNKNOWN_VERSION,
        TURNED_BYTES,
        HUGE_LENGTHS,
        BYTES_BEHIND
    }

    RubbishIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void rubbishIsAnsweredOrClosedAndHarmsNobodyElse() {
        Random random = Seed.print("RubbishIT").random();
        clients.createTopic("beside-rubbish", 1);
        Map<Service, Long> pids = pids();
        Map<Service, Double> heap = liveHeap();

        try (Load load = new Load("neighbour", clients.producer(), new Random(1))) {
            List<TopicPartition> partition = List.of(new TopicPartition("beside-rubbish", 0));
            try (SteadyLoad steady = SteadyLoad.start(load, partition, 200)) {
                for (int i = 0; i < FRAMES; i++) {
                    throwAt(LISTENERS.get(i % LISTENERS.size()), Kind.values()[i % Kind.values().length], random);
                }
                steady.awaitAcknowledged(100);
            }
            load.flush();
            assertThat(load.failures()).isEmpty();
            Comparison.of(load.journal().entries(), new Reading(clients).journal("beside-rubbish"))
                    .assertEqual();
        }

        assertThat(cluster.isHealthy()).isTrue();
        assertThat(pids()).isEqualTo(pids);
        liveHeap()
                .forEach((service, bytes) -> assertThat(bytes)
                        .as("heap of %s after a collection", service.id())
                        .isLessThan(Objects.requireNonNull(heap.get(service)) + HEAP_GROWTH_MAX));
    }

    @ParameterizedTest
    @EnumSource(names = {"INGEST", "FETCH", "OFFSET_COORDINATOR"})
    void aLengthAboveTheLimitEndsTheConnectionAndAllocatesNothing(Service listener) {
        double before = cluster.metrics(listener).sum("jvm_gc_pause_seconds_count");

        for (int i = 0; i < ANNOUNCEMENTS; i++) {
            try (RawConnection connection = RawConnection.open(cluster.kafka(listener))) {
                ByteBuffer frame = connection.frame(new MetadataRequestData(), 9);
                connection.postBytes(frame.putInt(0, ANNOUNCED_BYTES));

                assertThat(connection.receiveFrame()).isEmpty();
            }
        }

        assertThat(cluster.metrics(listener).sum("jvm_gc_pause_seconds_count") - before)
                .as("collections while %d lengths of %d bytes were announced", ANNOUNCEMENTS, ANNOUNCED_BYTES)
                .isLessThan(COLLECTIONS_MAX);
    }

    @Test
    void aVersionOfApiVersionsThatIsTooNewIsAnsweredWithTheOnesThatAreKnown() {
        for (Service listener : LISTENERS) {
            try (RawConnection connection = RawConnection.open(cluster.kafka(listener))) {
                ByteBuffer frame = connection.frame(
                        new ApiVersionsRequestData()
                                .setClientSoftwareName("new")
                                .setClientSoftwareVersion("9"),
                        3);
                frame.putShort(6, (short) 99);
                connection.postBytes(frame);

                ByteBuffer answer = connection.receiveFrame().orElseThrow();

                assertThat(answer.getInt()).isEqualTo(1);
                assertThat(Errors.forCode(answer.getShort())).isEqualTo(Errors.UNSUPPORTED_VERSION);
                assertThat(connection
                                .call(new ApiVersionsRequestData(), 0, ApiVersionsResponseData.class)
                                .errorCode())
                        .isZero();
            }
        }
    }

    private void throwAt(Service listener, Kind kind, Random random) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(listener))) {
            try {
                connection.postBytes(rubbish(connection, kind, random));
                connection.shutdownOutput();
            } catch (java.io.UncheckedIOException closedWhileSending) {
                // As good an end as any: the listener had seen enough.
                return;
            }
            int frames = 0;
            Optional<ByteBuffer> answer = connection.receiveFrame();
            while (answer.isPresent()) {
                frames++;
                assertThat(answer.get().remaining()).as("an answer to %s", kind).isGreaterThanOrEqualTo(4);
                answer = connection.receiveFrame();
            }
            assertThat(frames).as("answers to %s", kind).isLessThanOrEqualTo(1);
        }
    }

    private static ByteBuffer rubbish(RawConnection connection, Kind kind, Random random) {
        ByteBuffer frame = validFrame(connection, random);
        return switch (kind) {
            case NOISE -> noise(random, 4 + random.nextInt(200));
            case NEGATIVE_SIZE -> frame.putInt(0, -1 - random.nextInt(1_000_000));
            case HUGE_SIZE -> frame.putInt(0, Integer.MAX_VALUE - random.nextInt(1_000_000));
            case LARGE_SIZE -> frame.putInt(0, (4 << 20) + random.nextInt(ANNOUNCED_BYTES));
            case EMPTY_FRAME -> ByteBuffer.allocate(4);
            case CUT_IN_THE_SIZE -> frame.limit(1 + random.nextInt(3));
            case CUT_IN_THE_BODY -> frame.limit(4 + random.nextInt(frame.remaining() - 4));
            case SHORT_BODY -> {
                int size = random.nextInt(frame.remaining() - 4);
                yield frame.limit(4 + size).putInt(0, size);
            }
            case UNKNOWN_API -> frame.putShort(4, (short) (random.nextBoolean() ? -1 : 500 + random.nextInt(1_000)));
            case UNKNOWN_VERSION -> frame.putShort(6, (short) (random.nextBoolean() ? -1 : 50 + random.nextInt(1_000)));
            case TURNED_BYTES -> turned(frame, random);
            case HUGE_LENGTHS -> {
                int at = 12 + random.nextInt(frame.remaining() - 16);
                yield frame.putInt(at, random.nextBoolean() ? Integer.MAX_VALUE : -random.nextInt(100));
            }
            case BYTES_BEHIND -> {
                ByteBuffer longer = ByteBuffer.allocate(frame.remaining() + 8);
                longer.put(frame).putLong(random.nextLong()).flip();
                yield longer.putInt(0, longer.remaining() - 4);
            }
        };
    }

    private static ByteBuffer turned(ByteBuffer frame, Random random) {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int at = 4 + random.nextInt(frame.remaining() - 4);
            frame.put(at, (byte) random.nextInt());
        }
        return frame;
    }

    private static ByteBuffer noise(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        ByteBuffer noise = ByteBuffer.wrap(bytes);
        return random.nextBoolean() ? noise : noise.putInt(0, size - 4);
    }

    private static ByteBuffer validFrame(RawConnection connection, Random random) {
        RawTopic topic = new RawTopic("rubbish", org.apache.kafka.common.Uuid.ZERO_UUID);
        return switch (random.nextInt(6)) {
            case 0 -> connection.frame(topic.produceRequest(0, Batches.of("a", "b", "c"), -1, 9), 9);
            case 1 -> connection.frame(topic.fetchRequest(Range.at(0, 0), 12), 12);
            case 2 ->
                connection.frame(
                        new MetadataRequestData()
                                .setAllowAutoTopicCreation(false)
                                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("rubbish"))),
                        9);
            case 3 -> connection.frame(createTopics(), 5);
            case 4 -> connection.frame(joinGroup(), 6);
            case 5 -> connection.frame(offsetCommit(), 7);
            default -> throw new IllegalStateException("nextInt(6)");
        };
    }

    private static ApiMessage createTopics() {
        // Validated only, unless a turned byte makes it real: then it is one more topic.
        CreateTopicsRequestData request =
                new CreateTopicsRequestData().setTimeoutMs(1_000).setValidateOnly(true);
        request.topics()
                .add(new CreateTopicsRequestData.CreatableTopic()
                        .setName("rubbish")
                        .setNumPartitions(1)
                        .setReplicationFactor((short) 1));
        return request;
    }

    private static ApiMessage joinGroup() {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId("rubbish")
                .setSessionTimeoutMs(6_000)
                .setRebalanceTimeoutMs(6_000)
                .setProtocolType("consumer");
        request.protocols()
                .add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(new byte[10]));
        return request;
    }

    private static ApiMessage offsetCommit() {
        return new OffsetCommitRequestData()
                .setGroupId("rubbish")
                .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                        .setName("rubbish")
                        .setPartitions(List.of(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(3)))));
    }

    private Map<Service, Long> pids() {
        Map<Service, Long> pids = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            pids.put(service, cluster.process(service).pid());
        }
        return pids;
    }

    private Map<Service, Double> liveHeap() {
        Map<Service, Double> heap = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            cluster.process(service).collectGarbage();
            heap.put(service, cluster.metrics(service).sum("jvm_memory_used_bytes", "area=\"heap\""));
        }
        return heap;
    }
}
