package io.millrace.ingest.kafka;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.api.CallFailedException;
import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.kafka.fetch.FetchEvents;
import io.millrace.kafka.fetch.FetchHandler;
import io.millrace.kafka.fetch.FetchSettings;
import io.millrace.kafka.fetch.RedirectPolicy;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.ListenerMeters;
import io.millrace.kafka.handlers.RequestTraces;
import io.millrace.kafka.handlers.RoutingView;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.ApiRouter;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaCodec;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.ParsedFrame;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Catalog;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/// An ingest node over a real log on a simulated disk; requests and answers go through the bytes of the wire.
final class IngestRig implements TopicDirectory, FetchEvents {

    /// The rig's clock stands here.
    static final long NOW = 1_000_000;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final StoreRig store;
    final List<RecordBatch> appended = new ArrayList<>();
    final List<Runnable> heldValidations = new ArrayList<>();
    Executor validation = Runnable::run;
    BiFunction<PartitionId, RecordBatch, Uni<AppendOutcome>> append = this::append;
    BatchValidator.Options options = new BatchValidator.Options(true, 4_096, 1 << 20);
    boolean isWritable = true;
    Uni<Void> writable = Uni.createFrom().voidItem();
    private final ListenerMeters meters;
    private @Nullable ApiRouter router;

    IngestRig() {
        try {
            store = StoreRig.open(new SimulatedDisk(new SplittableRandom(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        meters = new ListenerMeters(new SimpleMeterRegistry(), new RequestTraces(1), (api, version, failure) -> {
            throw new AssertionError(api + " version " + version + " failed", failure);
        });
    }

    static BatchValidator validator(BatchValidator.Options options) {
        return new BatchValidator(() -> NOW, options);
    }

    ApiRouter router() {
        ApiRouter known = router;
        if (known == null) {
            known = IngestRouter.of(
                    context(),
                    data(),
                    topics(),
                    request -> {
                        throw new AssertionError("ingest forwards nothing");
                    },
                    meters);
            router = known;
        }
        return known;
    }

    private ClusterContext context() {
        Instance self = new Instance(
                ServiceKind.INGEST,
                0,
                "first",
                "127.0.0.1",
                7081,
                Optional.of(new HostPort("127.0.0.1", 9092)),
                "test");
        return new ClusterContext(
                self,
                () -> RoutingView.now(kind -> List.of(), self),
                this,
                command -> Uni.createFrom().item(() -> store.execute(command)),
                new ClusterContext.Settings(
                        true, 10, List.of(new ClusterContext.NodeConfig("node.id", "1000", "The id of this node."))));
    }

    private IngestRouter.DataPath data() {
        ProduceHandler produce = new ProduceHandler(
                this,
                validator(options),
                new ProduceHandler.Store((id, batch) -> append.apply(id, batch), () -> isWritable, () -> writable),
                new ProduceHandler.Threads(() -> Runnable::run, task -> validation.execute(task)),
                new ProduceMetrics(new SimpleMeterRegistry(), System::nanoTime));
        FetchHandler.Environment environment = new FetchHandler.Environment(
                this,
                new FetchHandler.Records(this::read, this::read, this::offsets),
                (seen, atMost) -> Uni.createFrom().voidItem().onItem().delayIt().by(atMost),
                System::nanoTime,
                new Random(1));
        FetchSettings bounds = new FetchSettings(
                1 << 20, 1 << 20, 1, Duration.ofMillis(1), Duration.ZERO, FetchSettings.Sessions.defaults());
        return new IngestRouter.DataPath(produce, new FetchHandler(environment, RedirectPolicy.never(), bounds, this));
    }

    private IngestRouter.TopicPath topics() {
        TopicApis.Store calls =
                new TopicApis.Store(command -> Uni.createFrom().item(() -> store.execute(command)), this::offsets);
        return new IngestRouter.TopicPath(calls, Runnable::run);
    }

    /// Appends to the log at once.
    Uni<AppendOutcome> append(PartitionId id, RecordBatch batch) {
        appended.add(batch);
        return Uni.createFrom().item(store.append(id, batch));
    }

    /// From now on, what is checked off the event loop waits until the test runs it.
    void holdValidations() {
        validation = heldValidations::add;
    }

    KafkaResponse answer(ApiKeys api, int version, ApiMessage body) {
        return send(api, version, body).await().atMost(PATIENCE);
    }

    Uni<KafkaResponse> send(ApiKeys api, int version, ApiMessage body) {
        Uni<KafkaResponse> answer =
                router().handle(request(api, version, body)).memoize().indefinitely();
        answer.subscribe().with(response -> {});
        return answer;
    }

    /// Sends a request, and reads the answer in the same version.
    AbstractResponse ask(ApiKeys api, int version, ApiMessage body) {
        KafkaRequest request = request(api, version, body);
        KafkaResponse response = router().handle(request).await().atMost(PATIENCE);
        return read(api, version, request, response);
    }

    static AbstractResponse read(ApiKeys api, int version, KafkaRequest request, KafkaResponse response) {
        if (!(response instanceof KafkaResponse.Answer answer)) {
            throw new AssertionError(api + " version " + version + " was answered with " + response);
        }
        ByteBuffer reply = KafkaCodec.replyFrame(request, answer.body());
        AbstractResponse parsed =
                AbstractResponse.parseResponse(reply, new RequestHeader(api, (short) version, "c", 1));
        if (reply.hasRemaining()) {
            throw new AssertionError(api + " version " + version + " has bytes behind its answer");
        }
        return parsed;
    }

    static KafkaRequest request(ApiKeys api, int version, ApiMessage body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion((short) version)
                .setCorrelationId(1)
                .setClientId("c");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion((short) version))
                .buffer();
        ByteBuffer tail =
                MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
        ByteBuffer frame = ByteBuffer.allocate(head.remaining() + tail.remaining())
                .put(head)
                .put(tail)
                .flip();
        return switch (KafkaCodec.parse(frame, ClientDetails.unnamed("127.0.0.1", 1, "test"))) {
            case ParsedFrame.Parsed(KafkaRequest request) -> request;
            case ParsedFrame.Malformed(String reason) -> throw new AssertionError(reason);
        };
    }

    private Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        return Uni.createFrom().item(requests.stream().map(this::read).toList());
    }

    private ReadOutcome read(ReadRequest request) {
        try {
            return store.store().read(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries) {
        return Uni.createFrom().item(queries.stream().map(this::offset).toList());
    }

    private OffsetOutcome offset(OffsetQuery query) {
        try {
            return store.store().offset(query);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Catalog catalog() {
        return store.store().catalog();
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
        return Uni.createFrom().item(catalog().topic(name));
    }

    @Override
    public Uni<Optional<Topic>> find(TopicId id) {
        return Uni.createFrom().item(catalog().topic(id));
    }

    @Override
    public void answered(int partitionCount, long recordBytes, long waitedNanos) {
        // Meters are not what these tests are about.
    }

    @Override
    public void lookUpsFailed(int partitionCount) {
        throw new CallFailedException("the rig's store always answers");
    }
}
