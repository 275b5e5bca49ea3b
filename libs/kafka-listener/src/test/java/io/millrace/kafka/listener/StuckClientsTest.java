package io.millrace.kafka.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.listener.ListenerEvents.CloseReason;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that stop reading or writing halfway, over loopback sockets: what is tested is what sockets do.
final class StuckClientsTest {

    private final Vertx vertx = Vertx.vertx();
    private final RecordingEvents events = new RecordingEvents();
    private final List<KafkaServer> servers = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(Duration.ZERO).await().atMost(Duration.ofSeconds(10)));
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aClientThatDoesNotTakeTheEndOfItsLastAnswerIsClosedAsIdle() throws IOException, InterruptedException {
        AtomicInteger held = new AtomicInteger();
        int port = start(Duration.ofMillis(300), 1, request -> {
            held.incrementAndGet();
            return Uni.createFrom().item(new KafkaResponse.Answer(described(250_000), held::decrementAndGet));
        });

        try (RawClient deaf = new RawClient(port)) {
            for (int i = 0; i < 200; i++) {
                deaf.send(describeFrame(i));
            }

            awaitTrue(() -> events.closed.contains(CloseReason.IDLE));
            awaitTrue(() -> held.get() == 0);
        }
    }

    @Test
    void whoDoesNotReadDoesNotOutliveTheServer() throws IOException, InterruptedException {
        AtomicInteger started = new AtomicInteger();
        int port = start(Duration.ofMinutes(1), 64, request -> {
            started.incrementAndGet();
            return Uni.createFrom().item(new KafkaResponse.Answer(described(250_000)));
        });

        try (RawClient deaf = new RawClient(port)) {
            for (int i = 0; i < 200; i++) {
                deaf.send(describeFrame(i));
            }
            awaitTrue(() -> started.get() >= 64);
            servers.removeFirst().stop(Duration.ofMillis(50)).await().atMost(Duration.ofSeconds(10));

            awaitTrue(() -> events.open.get() == 0);
        }
    }

    @Test
    void whoAnnouncesMuchAndSendsNothingHoldsNobodyUp() throws IOException {
        int port = start(
                Duration.ofMinutes(1), 64, request -> Uni.createFrom().item(new KafkaResponse.Answer(described(1))));
        ByteBuffer announcement = ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 0});

        try (RawClient first = new RawClient(port);
                RawClient second = new RawClient(port);
                RawClient third = new RawClient(port);
                RawClient fourth = new RawClient(port);
                RawClient client = new RawClient(port)) {
            for (RawClient mute : List.of(first, second, third, fourth)) {
                mute.send(announcement);
            }
            for (int i = 0; i < 100; i++) {
                client.send(describeFrame(i));
                assertThat(client.read().getInt()).isEqualTo(i);
            }
        }
    }

    private int start(Duration idleTimeout, int requestsInFlight, RequestHandler handler) {
        ListenerOptions defaults = ListenerOptions.defaults("test", "127.0.0.1", 0);
        ListenerOptions options = new ListenerOptions(
                defaults.name(),
                defaults.host(),
                defaults.port(),
                defaults.maxFrameBytes(),
                defaults.maxSmallFrameBytes(),
                requestsInFlight,
                defaults.maxInFlightBytesPerConnection(),
                defaults.maxInFlightBytes(),
                defaults.maxConnections(),
                defaults.maxConnectionsPerAddress(),
                defaults.frameTimeout(),
                idleTimeout,
                2);
        ApiRouter router = ApiRouter.builder(events)
                .local(ApiKeys.DESCRIBE_GROUPS, handler)
                .build();
        KafkaServer server = new KafkaServer(vertx, options, router, events, System::nanoTime);
        servers.add(server);
        return server.start().await().atMost(Duration.ofSeconds(10));
    }

    private static ByteBuffer describeFrame(int correlationId) {
        return RawClient.frame(ApiKeys.DESCRIBE_GROUPS, 4, correlationId, new DescribeGroupsRequestData());
    }

    private static DescribeGroupsResponse described(int bytes) {
        DescribedGroup group = new DescribedGroup()
                .setMembers(List.of(new DescribedGroupMember().setMemberAssignment(new byte[bytes])));
        return new DescribeGroupsResponse(new DescribeGroupsResponseData().setGroups(List.of(group)));
    }

    private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
