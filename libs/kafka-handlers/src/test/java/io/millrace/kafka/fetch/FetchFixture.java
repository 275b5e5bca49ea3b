package io.millrace.kafka.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaCodec;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.ParsedFrame;
import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches;
import io.millrace.model.Catalog;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// A fetch node over a store in memory: one topic, `orders`, with one batch per appended text.
final class FetchFixture implements TopicDirectory, FetchEvents {

    static final TopicId TOPIC_ID = new TopicId(7, 8);
    static final int EPOCH = 5;

    final Map<Integer, List<RecordBatch>> partitions = new ConcurrentHashMap<>();
    final Map<Integer, ReadOutcome> broken = new HashMap<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger currentReads = new AtomicInteger();
    final AtomicLong lastBytesMax = new AtomicLong();
    final AtomicReference<Thread> lastReader = new AtomicReference<>();
    final List<OffsetOutcome> offsets = new ArrayList<>();
    final AtomicInteger failedLookUps = new AtomicInteger();
    /// So many reads from now on find nobody.
    final AtomicInteger readsInVain = new AtomicInteger();
    long lastStableOffset = Long.MAX_VALUE;

    /// How far the high watermark has moved on since what is answered was read.
    long movedBy;
    boolean isStoreSilent;
    RedirectPolicy redirects = RedirectPolicy.never();
    ClientDetails client = ClientDetails.unnamed("127.0.0.1", 1, "test");
    FetchSettings settings = new FetchSettings(
            1_000_000,
            2_000_000,
            100,
            Duration.ofSeconds(5),
            Duration.ZERO,
            new FetchSettings.Sessions(2, 6, Duration.ZERO));
    private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
    private final TopicDirectory directory = this;

    /// A fetch of one partition from an offset on, which others change before it is sent.
    static FetchRequestData fetch(int partition, long offset) {
        return new FetchRequestData()
                .setMinBytes(1)
                .setMaxBytes(1_000_000)
                .setTopics(List.of(topic(partition(partition, offset))));
    }

    static FetchTopic topic(FetchPartition... partitions) {
        return new FetchTopic().setTopic("orders").setTopicId(new Uuid(7, 8)).setPartitions(List.of(partitions));
    }

    static FetchPartition partition(int partition, long offset) {
        return new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1_000_000);
    }

    FetchHandler handler() {
        FetchHandler.Environment environment = new FetchHandler.Environment(
                directory,
                new FetchHandler.Records(
                        this::read,
                        this::readCurrent,
                        queries -> Uni.createFrom().item(List.copyOf(offsets))),
                this::awaitNews,
                System::nanoTime,
                new Random(3));
        return new FetchHandler(environment, redirects, settings, this);
    }

    /// Answers through the bytes of the wire.
    Uni<FetchResponse> send(FetchHandler handler, int version, FetchRequestData body) {
        KafkaRequest request = request(version, body);
        return handler.handle(request).map(response -> {
            KafkaResponse.Answer answer = (KafkaResponse.Answer) response;
            ByteBuffer reply = KafkaCodec.replyFrame(request, answer.body());
            answer.released().run();
            RequestHeader header = new RequestHeader(ApiKeys.FETCH, (short) version, "c", 1);
            return (FetchResponse) AbstractResponse.parseResponse(reply, header);
        });
    }

    FetchResponse ask(int version, FetchRequestData body) {
        return send(handler(), version, body).await().atMost(Duration.ofSeconds(20));
    }

    KafkaRequest request(int version, FetchRequestData body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(ApiKeys.FETCH.id)
                .setRequestApiVersion((short) version)
                .setCorrelationId(1)
                .setClientId("c");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, ApiKeys.FETCH.requestHeaderVersion((short) version))
                .buffer();
        FetchRequestData fitting = body.duplicate();
        fitting.topics().forEach(topic -> fit(topic, version));
        ByteBuffer tail =
                MessageUtil.toByteBufferAccessor(fitting, (short) version).buffer();
        ByteBuffer frame = ByteBuffer.allocate(head.remaining() + tail.remaining())
                .put(head)
                .put(tail)
                .flip();
        return switch (KafkaCodec.parse(frame, client)) {
            case ParsedFrame.Parsed(KafkaRequest request) -> request;
            case ParsedFrame.Malformed(String reason) -> throw new AssertionError(reason);
        };
    }

    private static void fit(FetchTopic topic, int version) {
        if (version >= 13) {
            topic.setTopic("");
        } else {
            topic.setTopicId(Uuid.ZERO_UUID);
        }
    }

    /// Appends a batch of two records and wakes who waits.
    void append(int partition, String text) {
        List<RecordBatch> batches = partitions.computeIfAbsent(partition, key -> new CopyOnWriteArrayList<>());
        ByteBuffer value = ByteBuffer.wrap(text.getBytes(UTF_8));
        PlainRecord record = new PlainRecord(0, 1, Optional.empty(), Optional.of(value), List.of());
        batches.add(RecordBatches.build(List.of(record, record), 0).placedAt(end(partition), EPOCH));
        waiters.removeIf(Waiter::wakeIfNews);
    }

    long end(int partition) {
        List<RecordBatch> batches = partitions.getOrDefault(partition, List.of());
        return batches.isEmpty() ? 0 : batches.getLast().endOffset();
    }

    RecordBatch first(int partition) {
        return partitions.getOrDefault(partition, List.of()).getFirst();
    }

    int waiting() {
        return waiters.size();
    }

    private Uni<List<ReadOutcome>> readCurrent(List<ReadRequest> requests, long totalBytesMax) {
        currentReads.incrementAndGet();
        return read(requests, totalBytesMax);
    }

    private Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        reads.incrementAndGet();
        lastBytesMax.set(totalBytesMax);
        lastReader.set(Thread.currentThread());
        if (readsInVain.getAndDecrement() > 0) {
            return Uni.createFrom().item(Collections.nCopies(requests.size(), new ReadOutcome.Unknown("nobody")));
        }
        List<ReadOutcome> outcomes = new ArrayList<>();
        long left = totalBytesMax;
        boolean isFirst = true;
        for (ReadRequest request : requests) {
            ReadOutcome outcome = read(request, left, isFirst);
            if (outcome instanceof ReadOutcome.Batches batches
                    && !batches.batches().isEmpty()) {
                isFirst = false;
                left -= batches.sizeInBytes();
            }
            outcomes.add(outcome);
        }
        return Uni.createFrom().item(outcomes);
    }

    private ReadOutcome read(ReadRequest request, long totalLeft, boolean isFirst) {
        int partition = request.partitionId().partition();
        if (broken.containsKey(partition)) {
            return broken.get(partition);
        }
        long end = end(partition);
        Watermarks watermarks = new Watermarks(0, Math.min(lastStableOffset, end + movedBy), end + movedBy, EPOCH);
        if (request.fromOffset() > end) {
            return new ReadOutcome.OutOfRange(watermarks);
        }
        List<RecordBatch> found = new ArrayList<>();
        long left = Math.min(request.maxBytes(), totalLeft);
        for (RecordBatch batch : partitions.getOrDefault(partition, List.of())) {
            boolean isWanted = batch.endOffset() > request.fromOffset();
            if (isWanted && (batch.sizeInBytes() <= left || (isFirst && found.isEmpty()))) {
                found.add(batch);
                left -= batch.sizeInBytes();
            } else if (isWanted) {
                break;
            }
        }
        return new ReadOutcome.Batches(found, watermarks);
    }

    private Uni<Void> awaitNews(Map<PartitionId, Long> seen, Duration atMost) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    Waiter waiter = new Waiter(this, seen, () -> emitter.complete(null));
                    waiters.add(waiter);
                    if (waiter.wakeIfNews()) {
                        waiters.remove(waiter);
                    }
                })
                .ifNoItem()
                .after(atMost)
                .recoverWithUni(Uni.createFrom().voidItem());
    }

    @Override
    public Catalog catalog() {
        return Catalog.of("cluster", EPOCH, 1, List.of(new Topic(TOPIC_ID, "orders", 4, Map.of())));
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public Uni<Catalog> ready() {
        return Uni.createFrom().item(catalog());
    }

    @Override
    public Uni<Catalog> current() {
        return ready();
    }

    @Override
    public Uni<Optional<Topic>> find(String name) {
        return isStoreSilent && catalog().topic(name).isEmpty()
                ? Uni.createFrom().failure(new StoreSilence("silent"))
                : Uni.createFrom().item(catalog().topic(name));
    }

    @Override
    public Uni<Optional<Topic>> find(TopicId id) {
        return Uni.createFrom().item(catalog().topic(id));
    }

    @Override
    public void answered(int partitionCount, long recordBytes, long waitedNanos) {
        // Only failures are of interest to the tests.
    }

    @Override
    public void lookUpsFailed(int partitionCount) {
        failedLookUps.addAndGet(partitionCount);
    }

    private record Waiter(FetchFixture fixture, Map<PartitionId, Long> seen, Runnable wake) {

        boolean wakeIfNews() {
            boolean isNews = seen.entrySet().stream()
                    .anyMatch(entry -> fixture.end(entry.getKey().partition()) > entry.getValue());
            if (isNews) {
                wake.run();
            }
            return isNews;
        }
    }
}
