package io.millrace.api.http;

import static io.millrace.api.http.LoopbackStore.PATIENCE;
import static io.millrace.api.http.TestBatches.PARTITION;
import static io.millrace.api.http.TestBatches.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.CallFailedException;
import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.TraceId;
import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CallTest {

    private static final Watermarks WATERMARKS = new Watermarks(0, 10, 10, 1);
    private static final int UNREADABLE_PORT = 1;

    @Test
    void anInstanceIntroducesItself() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            Instance instance =
                    loopback.client.hello(loopback.address()).await().atMost(PATIENCE);

            assertThat(instance).isEqualTo(loopback.self());
        }
    }

    @Test
    void whoSpeaksHttp1IsToldThatItIsNotSpokenHere() throws IOException, InterruptedException {
        try (LoopbackStore loopback = new LoopbackStore();
                HttpClient http1 = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            URI hello = URI.create("http://" + loopback.address() + Paths.HELLO);
            HttpRequest request =
                    HttpRequest.newBuilder(hello).timeout(PATIENCE).build();

            HttpResponse<Void> response = http1.send(request, HttpResponse.BodyHandlers.discarding());

            assertThat(response.statusCode()).isEqualTo(CallEndpoint.VERSION_NOT_SUPPORTED);
        }
    }

    @Test
    void nobodyAtAnAddressIsAFailureInTime() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            Uni<Instance> hello = loopback.client.hello(new HostPort("127.0.0.1", UNREADABLE_PORT));

            assertThatThrownBy(() -> hello.await().atMost(PATIENCE)).isInstanceOf(CallFailedException.class);
        }
    }

    @Test
    void readsKeepTheOrderOfTheRequestsAndTheBytesOfTheBatches() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            List<RecordBatch> batches = List.of(numbered(1, 100), numbered(2, 3 << 20), numbered(3, 9_000));
            loopback.store.reads = request -> switch ((int) request.fromOffset()) {
                case 0 -> new ReadOutcome.Batches(batches, WATERMARKS);
                case 1 -> new ReadOutcome.OutOfRange(WATERMARKS);
                default -> new ReadOutcome.Batches(List.of(), WATERMARKS);
            };
            List<ReadRequest> requests = IntStream.range(0, 3)
                    .mapToObj(i -> new ReadRequest(PARTITION, i, 1_000))
                    .toList();

            List<ReadOutcome> outcomes =
                    loopback.storeClient().read(requests, 10 << 20).await().atMost(PATIENCE);

            assertThat(outcomes).hasSize(3);
            assertThat(outcomes.get(0)).isInstanceOfSatisfying(ReadOutcome.Batches.class, read -> {
                assertThat(read.watermarks()).isEqualTo(WATERMARKS);
                assertThat(read.batches().stream().map(RecordBatch::buffer))
                        .containsExactlyElementsOf(
                                batches.stream().map(RecordBatch::buffer).toList());
            });
            assertThat(outcomes.get(1)).isEqualTo(new ReadOutcome.OutOfRange(WATERMARKS));
            assertThat(outcomes.get(2)).isEqualTo(new ReadOutcome.Batches(List.of(), WATERMARKS));
        }
    }

    @Test
    void offsetsAndCommandsAreAnswered() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient client = loopback.storeClient();
            loopback.store.offsets = _ -> new OffsetOutcome.Found(5, 6, 7);
            List<OffsetQuery> queries =
                    List.of(new OffsetQuery.Earliest(PARTITION), new OffsetQuery.Earliest(PARTITION));

            assertThat(client.offsets(queries).await().atMost(PATIENCE))
                    .containsExactly(new OffsetOutcome.Found(5, 6, 7), new OffsetOutcome.Found(5, 6, 7));
            assertThat(client.execute(new Command.AllocateProducerIds(10))
                            .await()
                            .atMost(PATIENCE))
                    .isEqualTo(new CommandOutcome.ProducerIds(1_000, 10));
        }
    }

    @Test
    void aSilentStoreMakesCallsUnknownAtTheirDeadline() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            loopback.store.commands = _ -> Uni.createFrom().nothing();

            CommandOutcome outcome = loopback.storeClient()
                    .execute(new Command.DeleteTopic(PARTITION.topicId()))
                    .await()
                    .atMost(PATIENCE);

            assertThat(outcome).isInstanceOf(CommandOutcome.Unknown.class);
        }
    }

    @Test
    void aFailingStoreMakesCallsUnknownAtOnce() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            loopback.store.commands = _ -> Uni.createFrom().failure(new IllegalStateException("disk on fire"));

            CommandOutcome outcome = loopback.storeClient()
                    .execute(new Command.AllocateProducerIds(1))
                    .await()
                    .atMost(PATIENCE);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            CommandOutcome.Unknown.class,
                            unknown -> assertThat(unknown.message()).contains("disk on fire"));
        }
    }

    @Test
    void theCatalogTravelsOnlyWhenItIsNews() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient client = loopback.storeClient();
            Topic topic = new Topic(PARTITION.topicId(), "t", 4, Map.of());
            loopback.store.catalog = Catalog.of("cluster-a", 1, 2, List.of(topic));

            Catalog first = client.catalog().await().atMost(PATIENCE);
            Catalog second = client.catalogSince(first).await().atMost(PATIENCE);

            assertThat(first).isEqualTo(loopback.store.catalog);
            assertThat(second).isSameAs(first);
        }
    }

    @Test
    void aFrameIsForwardedWithItsClientAndItsTrace() {
        List<ForwardedFrame> seen = new CopyOnWriteArrayList<>();
        FrameHandler handler = frame -> {
            seen.add(frame);
            boolean isSilent = frame.clientPort() == 0;
            return Uni.createFrom().item(isSilent ? Optional.empty() : Optional.of(ascii("reply")));
        };
        try (LoopbackStore loopback = new LoopbackStore()) {
            InternalServer server = new InternalServer(
                    loopback.vertx,
                    new HostPort("127.0.0.1", 0),
                    loopback.self(),
                    InternalRoutes.none().withFrames(handler),
                    loopback.options);
            Instance to = LoopbackStore.instance(
                    ServiceKind.FETCH, server.start().await().atMost(PATIENCE));
            FrameForwarder forwarder = new FrameForwarder(loopback.client);
            Optional<TraceId> trace = Optional.of(new TraceId(1, 2));

            Optional<ByteBuffer> reply = forwarder
                    .forward(to, new ForwardedFrame(ascii("frame"), "10.0.0.1", 55, "plain", trace))
                    .await()
                    .atMost(PATIENCE);
            Optional<ByteBuffer> silence = forwarder
                    .forward(to, new ForwardedFrame(ascii("frame"), "10.0.0.1", 0, "plain"))
                    .await()
                    .atMost(PATIENCE);
            server.stop().await().atMost(PATIENCE);

            assertThat(reply).contains(ascii("reply"));
            assertThat(silence).isEmpty();
            assertThat(seen.getFirst()).isEqualTo(new ForwardedFrame(ascii("frame"), "10.0.0.1", 55, "plain", trace));
        }
    }

    @Test
    void anInstanceRefusesWhatIsNotItsTask() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            Uni<Optional<ByteBuffer>> forwarded = new FrameForwarder(loopback.client)
                    .forward(loopback.self(), new ForwardedFrame(ascii("frame"), "h", 1, "plain"));

            assertThatThrownBy(() -> forwarded.await().atMost(PATIENCE))
                    .isInstanceOf(CallFailedException.class)
                    .hasMessageContaining("404");
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() {
        ApiOptions quick = LoopbackStore.quick();
        TransportOptions small =
                new TransportOptions(1 << 20, 1 << 20, 16 << 10, 64 << 10, 10, 1_000, 1, 1, 100, Duration.ofSeconds(1));
        ApiOptions options = new ApiOptions(small, quick.streams(), quick.append(), quick.calls(), quick.feeds());
        try (LoopbackStore loopback = new LoopbackStore(options)) {
            List<OffsetQuery> many = new ArrayList<>();
            IntStream.range(0, 100).forEach(_ -> many.add(new OffsetQuery.Earliest(PARTITION)));

            List<OffsetOutcome> outcomes =
                    loopback.storeClient().offsets(many).await().atMost(PATIENCE);

            assertThat(outcomes)
                    .hasSize(100)
                    .first()
                    .isInstanceOfSatisfying(
                            OffsetOutcome.Unknown.class,
                            unknown -> assertThat(unknown.message()).contains("413"));
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
