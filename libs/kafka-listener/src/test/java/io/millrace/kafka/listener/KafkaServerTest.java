package io.millrace.kafka.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.listener.ListenerEvents.CloseReason;
import io.millrace.kafka.listener.ListenerEvents.Limit;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Over loopback sockets: what is tested is what the socket does.
final class KafkaServerTest {

    private final Vertx vertx = Vertx.vertx();
    private final RecordingEvents events = new RecordingEvents();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final List<KafkaServer> servers = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(Duration.ZERO).await().atMost(Duration.ofSeconds(10)));
        vertx.close().toCompletionStage().toCompletableFuture().join();
        timer.shutdownNow();
    }

    @Test
    void aThousandPipelinedRequestsWithRandomDelaysAreStartedAndAnsweredInOrder() throws IOException {
        SplittableRandom random = new SplittableRandom(17);
        List<Integer> started = new CopyOnWriteArrayList<>();
        int port = start(options -> options, request -> {
            started.add(request.correlationId());
            return delayed(random.nextInt(4), heartbeat());
        });

        List<Integer> answered = new ArrayList<>();
        try (RawClient client = new RawClient(port)) {
            Thread writer = Thread.startVirtualThread(() -> sendHeartbeats(client, 1_000));
            for (int i = 0; i < 1_000; i++) {
                answered.add(client.read().getInt());
            }
            assertThat(writer.isAlive()).isFalse();
        }

        List<Integer> inOrder = IntStream.range(0, 1_000).boxed().toList();
        assertThat(answered).isEqualTo(inOrder);
        assertThat(started).isEqualTo(inOrder);
    }

    @Test
    void aFrameCutAnywhereIsStillOneFrame() throws IOException, InterruptedException {
        int port = start(options -> options, request -> Uni.createFrom().item(heartbeat()));
        ByteBuffer frame = heartbeatFrame(7);

        try (RawClient client = new RawClient(port)) {
            for (int cut = 1; cut < frame.limit(); cut++) {
                client.send(frame.duplicate().limit(cut));
                TimeUnit.MILLISECONDS.sleep(1);
                client.send(frame.duplicate().position(cut));
                assertThat(client.read().getInt()).isEqualTo(7);
            }
        }
    }

    @Test
    void aFailingHandlerAnswersTheErrorInTheRequestsVersion() throws IOException {
        int port = start(options -> options, request -> {
            throw new IllegalStateException("broken on purpose");
        });

        try (RawClient client = new RawClient(port)) {
            for (short version = 0; version <= 4; version++) {
                client.send(RawClient.frame(ApiKeys.HEARTBEAT, version, version, new HeartbeatRequestData()));
                ByteBuffer reply = client.read();

                assertThat(reply.getInt()).isEqualTo(version);
                int position = version >= 4 ? 5 : 4;
                HeartbeatResponse read =
                        HeartbeatResponse.parse(new ByteBufferAccessor(reply.position(position)), version);
                assertThat(read.error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
            }
        }
        assertThat(events.failures).hasSize(5);
    }

    /// Kafka's own code fails to build the error of some requests.
    @Test
    void anErrorThatCannotBeBuiltClosesTheConnection() throws IOException, InterruptedException {
        int port = start(options -> options, request -> {
            throw new IllegalStateException("broken on purpose");
        });

        try (RawClient client = new RawClient(port)) {
            client.send(RawClient.frame(
                    ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                    0,
                    1,
                    new DescribeUserScramCredentialsRequestData().setUsers(null)));

            assertThat(client.readUnlessClosed()).isEmpty();
        }
        assertThat(events.failures).hasSize(2);
    }

    @Test
    void apiVersionsNamesExactlyTheRoutes() throws IOException {
        int port = start(options -> options, request -> Uni.createFrom().item(heartbeat()));

        try (RawClient client = new RawClient(port)) {
            client.send(RawClient.frame(
                    ApiKeys.API_VERSIONS,
                    3,
                    1,
                    new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1")));
            ByteBuffer reply = client.read();

            ApiVersionsResponse read = ApiVersionsResponse.parse(new ByteBufferAccessor(reply.position(4)), (short) 3);
            assertThat(read.data().apiKeys())
                    .extracting(version -> ApiKeys.forId(version.apiKey()))
                    .containsExactlyInAnyOrder(
                            ApiKeys.FETCH,
                            ApiKeys.HEARTBEAT,
                            ApiKeys.DESCRIBE_GROUPS,
                            ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                            ApiKeys.API_VERSIONS);
            assertThat(read.data().finalizedFeatures().find("group.version").maxVersionLevel())
                    .isEqualTo((short) 1);
        }
    }

    @Test
    void anApiWithoutARouteClosesTheConnectionAfterTheEarlierAnswers() throws IOException, InterruptedException {
        int port = start(options -> options, request -> delayed(50, heartbeat()));

        try (RawClient client = new RawClient(port)) {
            client.send(heartbeatFrame(1));
            client.send(RawClient.frame(ApiKeys.METADATA, 12, 2, new MetadataRequestData().setTopics(List.of())));

            assertThat(client.read().getInt()).isEqualTo(1);
            assertThat(client.readUnlessClosed()).isEmpty();
        }
        awaitTrue(() -> events.closed.contains(CloseReason.REFUSED));
    }

    @Test
    void impossibleLengthsCloseTheConnectionAndAllocateNothing() throws IOException, InterruptedException {
        int port = start(options -> options, request -> Uni.createFrom().item(heartbeat()));

        for (int length : List.of(-1, Integer.MIN_VALUE, 0, 3, 5 << 20, Integer.MAX_VALUE)) {
            try (RawClient client = new RawClient(port)) {
                client.send(ByteBuffer.allocate(10)
                        .putInt(length)
                        .putShort(ApiKeys.HEARTBEAT.id)
                        .putInt(0)
                        .flip());

                assertThat(client.readUnlessClosed()).isEmpty();
            }
        }
        awaitTrue(() -> events.closed.size() == 6);
        assertThat(events.closed).containsOnly(CloseReason.MALFORMED);
    }

    @Test
    void tenThousandFramesOfRubbishHarmNobodyElse() throws IOException {
        int port = start(options -> options, request -> Uni.createFrom().item(heartbeat()));
        SplittableRandom random = new SplittableRandom(42);

        try (RawClient bystander = new RawClient(port)) {
            RawClient vandal = new RawClient(port);
            for (int i = 0; i < 10_000; i++) {
                try {
                    vandal.send(rubbish(random));
                } catch (IOException e) {
                    vandal.close();
                    vandal = new RawClient(port);
                }
                if (i % 1_000 == 0) {
                    bystander.send(heartbeatFrame(i));
                    assertThat(bystander.read().getInt()).isEqualTo(i);
                }
            }
            vandal.close();
            bystander.send(heartbeatFrame(1));
            assertThat(bystander.read().getInt()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionIsNotReadWhileTooManyOfItsRequestsAreInFlight() throws IOException, InterruptedException {
        AtomicInteger started = new AtomicInteger();
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        int port = start(
                options -> withInFlight(options, 4),
                request -> Uni.createFrom().emitter(emitter -> {
                    started.incrementAndGet();
                    waiting.add(() -> emitter.complete(heartbeat()));
                }));

        try (RawClient client = new RawClient(port)) {
            sendHeartbeats(client, 20);
            awaitTrue(() -> started.get() == 4);
            TimeUnit.MILLISECONDS.sleep(50);
            assertThat(started.get()).isEqualTo(4);

            for (int i = 0; i < 20; i++) {
                int next = i;
                awaitTrue(() -> waiting.size() > next);
                waiting.get(i).run();
                assertThat(client.read().getInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void aFetchBeginsWhenTheAnswerOfTheOneBeforeHasLeft() throws IOException, InterruptedException {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        AtomicInteger given = new AtomicInteger();
        AtomicInteger released = new AtomicInteger();
        AtomicInteger early = new AtomicInteger();
        int port = start(
                options -> options,
                request -> Uni.createFrom().emitter(emitter -> {
                    early.addAndGet(given.getAndIncrement() - released.get());
                    waiting.add(() -> emitter.complete(new KafkaResponse.Answer(
                            FetchResponse.of(new FetchResponseData()), released::incrementAndGet)));
                }));

        try (RawClient client = new RawClient(port)) {
            for (int i = 0; i < 3; i++) {
                client.send(fetchFrame(i));
            }
            for (int i = 0; i < 3; i++) {
                int next = i;
                awaitTrue(() -> waiting.size() > next);
                waiting.get(i).run();
                assertThat(client.read().getInt()).isEqualTo(i);
            }
        }
        assertThat(given).hasValue(3);
        assertThat(early).hasValue(0);
    }

    @Test
    void fetchesThatWaitForOthersGoWithTheirConnection() throws IOException, InterruptedException {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        int port = start(
                options -> options,
                request -> Uni.createFrom()
                        .emitter(emitter -> waiting.add(() -> emitter.complete(
                                new KafkaResponse.Answer(FetchResponse.of(new FetchResponseData()))))));
        try (RawClient client = new RawClient(port)) {
            for (int i = 0; i < 3; i++) {
                client.send(fetchFrame(i));
            }
            awaitTrue(() -> !waiting.isEmpty());
        }
        awaitTrue(() -> !events.closed.isEmpty());

        waiting.getFirst().run();

        awaitTrue(() -> events.answers.get() == 3);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void aClientThatDoesNotReadHoldsItsOwnAnswersBackAndNobodyElses() throws IOException, InterruptedException {
        AtomicInteger started = new AtomicInteger();
        int port = start(options -> withInFlight(options, 8), request -> {
            started.incrementAndGet();
            return Uni.createFrom().item(large(1 << 20));
        });

        try (RawClient lazy = new RawClient(port);
                RawClient other = new RawClient(port)) {
            for (int i = 0; i < 100; i++) {
                lazy.send(describeFrame(i));
            }
            awaitTrue(() -> started.get() >= 8);
            TimeUnit.MILLISECONDS.sleep(200);
            assertThat(started.get()).isLessThan(40);

            other.send(describeFrame(5));
            assertThat(other.read().getInt()).isEqualTo(5);
            for (int i = 0; i < 100; i++) {
                assertThat(lazy.read().getInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void anIdleConnectionAndAnUnfinishedFrameAreClosed() throws IOException, InterruptedException {
        int port = start(KafkaServerTest::impatient, request -> Uni.createFrom().item(heartbeat()));

        try (RawClient silent = new RawClient(port);
                RawClient slow = new RawClient(port)) {
            slow.send(heartbeatFrame(1).limit(9));

            assertThat(silent.readUnlessClosed()).isEmpty();
            assertThat(slow.readUnlessClosed()).isEmpty();
        }
        awaitTrue(() -> events.closed.size() == 2);
        assertThat(events.closed).containsOnly(CloseReason.IDLE);
    }

    @Test
    void aConnectionThatWaitsForItsAnswerIsNotIdle() throws IOException {
        int port = start(KafkaServerTest::impatient, request -> delayed(700, heartbeat()));

        try (RawClient client = new RawClient(port)) {
            client.send(heartbeatFrame(3));

            assertThat(client.read().getInt()).isEqualTo(3);
        }
    }

    @Test
    void moreConnectionsThanAllowedAreRefusedAndAPlaceThatIsFreedIsGivenAgain()
            throws IOException, InterruptedException {
        int port = start(
                options -> withConnections(options, 2),
                request -> Uni.createFrom().item(heartbeat()));

        try (RawClient first = new RawClient(port)) {
            try (RawClient second = new RawClient(port)) {
                first.send(heartbeatFrame(1));
                second.send(heartbeatFrame(2));
                assertThat(first.read().getInt()).isEqualTo(1);
                assertThat(second.read().getInt()).isEqualTo(2);
                // Connections are accepted on several event loops, so only now is it certain which one is too many.
                try (RawClient third = new RawClient(port)) {
                    assertThat(third.readUnlessClosed()).isEmpty();
                }
            }
            awaitTrue(() -> events.open.get() == 1);
            try (RawClient again = new RawClient(port)) {
                again.send(heartbeatFrame(4));
                assertThat(again.read().getInt()).isEqualTo(4);
            }
        }
        assertThat(events.refused).containsExactly(Limit.CONNECTIONS_PER_ADDRESS);
    }

    @Test
    void stoppingAnswersWhatIsInFlight() throws IOException, InterruptedException {
        AtomicInteger started = new AtomicInteger();
        int port = start(options -> options, request -> {
            started.incrementAndGet();
            return delayed(200, heartbeat());
        });

        try (RawClient client = new RawClient(port)) {
            client.send(heartbeatFrame(9));
            awaitTrue(() -> started.get() == 1);
            servers.remove(0).stop(Duration.ofSeconds(5)).await().atMost(Duration.ofSeconds(10));

            assertThat(client.read().getInt()).isEqualTo(9);
            assertThat(client.readUnlessClosed()).isEmpty();
        }
        awaitTrue(() -> events.closed.contains(CloseReason.STOPPING));
    }

    @Test
    void anAnswersMemoryIsGivenBackOnceWhetherItIsReadOrNot() throws IOException, InterruptedException {
        AtomicInteger held = new AtomicInteger();
        int port = start(options -> options, request -> {
            held.incrementAndGet();
            KafkaResponse.Answer answer = (KafkaResponse.Answer) large(1 << 20);
            return Uni.createFrom().item(new KafkaResponse.Answer(answer.body(), held::decrementAndGet));
        });

        try (RawClient reader = new RawClient(port)) {
            reader.send(describeFrame(1));
            reader.read();
        }
        try (RawClient leaver = new RawClient(port)) {
            for (int i = 0; i < 32; i++) {
                leaver.send(describeFrame(i));
            }
            awaitTrue(() -> held.get() > 2);
        }

        awaitTrue(() -> held.get() == 0 && events.open.get() == 0);
        assertThat(held).hasValue(0);
    }

    @Test
    void whoIsThrottledHasTheAnswerAtOnceAndIsNotReadFromForAsLong() throws IOException {
        int throttleMillis = 300;
        List<Long> started = new CopyOnWriteArrayList<>();
        int port = start(options -> options, request -> {
            started.add(System.nanoTime());
            return Uni.createFrom()
                    .item(
                            switch (request.correlationId()) {
                                case 1 -> throttledHeartbeat(throttleMillis);
                                case 2 -> new KafkaResponse.Silence(throttleMillis);
                                default -> heartbeat();
                            });
        });

        try (RawClient client = new RawClient(port)) {
            client.send(heartbeatFrame(1));
            assertThat(client.read().getInt()).isEqualTo(1);
            client.send(heartbeatFrame(2));
            client.send(heartbeatFrame(3));
            assertThat(client.read().getInt()).isEqualTo(3);
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(started.get(1) - started.get(0)))
                .isGreaterThanOrEqualTo(throttleMillis);
        assertThat(TimeUnit.NANOSECONDS.toMillis(started.get(2) - started.get(1)))
                .isGreaterThanOrEqualTo(throttleMillis);
    }

    private int start(UnaryOperator<ListenerOptions> options, RequestHandler handler) {
        ApiRouter router = ApiRouter.builder(events)
                .local(ApiKeys.HEARTBEAT, handler)
                .local(ApiKeys.FETCH, handler)
                .local(ApiKeys.DESCRIBE_GROUPS, handler)
                .local(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, handler)
                .features(Map.of("group.version", (short) 1))
                .build();
        ListenerOptions listener = options.apply(ListenerOptions.defaults("test", "127.0.0.1", 0));
        KafkaServer server = new KafkaServer(vertx, listener, router, events, System::nanoTime);
        servers.add(server);
        return server.start().await().atMost(Duration.ofSeconds(10));
    }

    private Uni<KafkaResponse> delayed(int millis, KafkaResponse response) {
        return Uni.createFrom()
                .item(response)
                .onItem()
                .delayIt()
                .onExecutor(timer)
                .by(Duration.ofMillis(millis + 1));
    }

    private static ByteBuffer rubbish(SplittableRandom random) {
        byte[] bytes = new byte[4 + random.nextInt(100)];
        random.nextBytes(bytes);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        if (random.nextInt(4) > 0) {
            frame.putInt(0, bytes.length - 4);
        }
        if (bytes.length > 8 && random.nextBoolean()) {
            frame.putShort(4, (short) random.nextInt(90)).putShort(6, (short) random.nextInt(14));
        }
        return frame;
    }

    private static void sendHeartbeats(RawClient client, int count) {
        try {
            for (int i = 0; i < count; i++) {
                client.send(heartbeatFrame(i));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer heartbeatFrame(int correlationId) {
        return RawClient.frame(ApiKeys.HEARTBEAT, 3, correlationId, new HeartbeatRequestData());
    }

    private static ByteBuffer describeFrame(int correlationId) {
        return RawClient.frame(ApiKeys.DESCRIBE_GROUPS, 4, correlationId, new DescribeGroupsRequestData());
    }

    private static ByteBuffer fetchFrame(int correlationId) {
        return RawClient.frame(ApiKeys.FETCH, 12, correlationId, new FetchRequestData());
    }

    private static KafkaResponse heartbeat() {
        return new KafkaResponse.Answer(new HeartbeatResponse(new HeartbeatResponseData()));
    }

    private static KafkaResponse throttledHeartbeat(int millis) {
        return new KafkaResponse.Answer(new HeartbeatResponse(new HeartbeatResponseData().setThrottleTimeMs(millis)));
    }

    private static KafkaResponse large(int bytes) {
        DescribeGroupsResponseData.DescribedGroup group = new DescribeGroupsResponseData.DescribedGroup()
                .setMembers(List.of(
                        new DescribeGroupsResponseData.DescribedGroupMember().setMemberAssignment(new byte[bytes])));
        return new KafkaResponse.Answer(
                new DescribeGroupsResponse(new DescribeGroupsResponseData().setGroups(List.of(group))));
    }

    private static ListenerOptions withInFlight(ListenerOptions options, int requests) {
        return copy(
                options, requests, options.maxConnectionsPerAddress(), options.frameTimeout(), options.idleTimeout());
    }

    private static ListenerOptions withConnections(ListenerOptions options, int connections) {
        return copy(
                options,
                options.maxInFlightRequestsPerConnection(),
                connections,
                options.frameTimeout(),
                options.idleTimeout());
    }

    private static ListenerOptions impatient(ListenerOptions options) {
        return copy(options, 64, 64, Duration.ofMillis(200), Duration.ofMillis(300));
    }

    private static ListenerOptions copy(
            ListenerOptions options, int inFlight, int perAddress, Duration frameTimeout, Duration idleTimeout) {
        return new ListenerOptions(
                options.name(),
                options.host(),
                options.port(),
                options.maxFrameBytes(),
                options.maxSmallFrameBytes(),
                inFlight,
                options.maxInFlightBytesPerConnection(),
                options.maxInFlightBytes(),
                options.maxConnections(),
                perAddress,
                frameTimeout,
                idleTimeout,
                2);
    }

    private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
