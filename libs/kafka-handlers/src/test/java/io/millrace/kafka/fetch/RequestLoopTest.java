package io.millrace.kafka.fetch;

import static io.millrace.kafka.fetch.FetchFixture.fetch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestLoopTest {

    private final FetchFixture node = new FetchFixture();
    private final FetchHandler handler = node.handler();
    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoIsWokenReadsOnTheEventLoopThatTheRequestCameOn() {
        Thread loopThread = onLoop(Thread::currentThread);
        UniAssertSubscriber<KafkaResponse> waiting = onLoop(this::ask);

        node.append(0, "news");

        waiting.awaitItem(Duration.ofSeconds(5));
        assertThat(node.lastReader).hasValue(loopThread);
    }

    @Test
    void whoIsWokenOnHisOwnEventLoopReadsAtOnce() {
        UniAssertSubscriber<KafkaResponse> waiting = onLoop(this::ask);

        int readsAfterNews = onLoop(() -> {
            node.append(0, "news");
            return node.reads.get();
        });

        assertThat(readsAfterNews).isEqualTo(2);
        waiting.awaitItem(Duration.ofSeconds(5));
    }

    private UniAssertSubscriber<KafkaResponse> ask() {
        return handler.handle(node.request(12, fetch(0, 0).setMaxWaitMs(60_000)))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private <T> T onLoop(Supplier<T> step) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.runOnContext(_ -> done.complete(step.get()));
        return done.join();
    }
}
