package io.millrace.api.http;

import static io.millrace.api.http.TestBatches.PARTITION;
import static io.millrace.api.http.TestBatches.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Watermarks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ConnectionBuffersTest {

    @Test
    void whatComesInPiecesOfAnySizeIsReadInOrderAndLeavesNothing() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        SplittableRandom random = new SplittableRandom(7);
        byte[] sent = new byte[8 << 20];
        random.nextBytes(sent);
        ByteBuf got = Unpooled.buffer(sent.length);
        ByteBuf held = Unpooled.EMPTY_BUFFER;

        int at = 0;
        while (at < sent.length) {
            int bound = random.nextBoolean() ? 200 : 70_000;
            int size = Math.min(random.nextInt(1, bound), sent.length - at);
            held = ConnectionBuffers.joined(
                    allocator, held, allocator.directBuffer(size).writeBytes(sent, at, size));
            at += size;
            got.writeBytes(held, random.nextInt(held.readableBytes() + 1));
            held.discardSomeReadBytes();
        }
        got.writeBytes(held);
        held.release();

        assertThat(got.array()).isEqualTo(sent);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    /// Nothing else is on the connection but the two answers, which come side by side.
    @Test
    void answersThatShareAConnectionAreCutIntoLargeFrames() throws InterruptedException {
        try (LoopbackStore loopback = new LoopbackStore()) {
            int answerBytes = 4 << 20;
            loopback.store.reads =
                    _ -> new ReadOutcome.Batches(List.of(numbered(1, answerBytes)), new Watermarks(0, 10, 10, 1));
            HttpClient raw = loopback.vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false)
                            .setInitialSettings(new Http2Settings()
                                    .setMaxFrameSize(64 << 10)
                                    .setInitialWindowSize(answerBytes * 2)),
                    new PoolOptions().setHttp2MaxSize(1));
            AtomicInteger frames = new AtomicInteger();
            CountDownLatch bothEnded = new CountDownLatch(2);

            for (int i = 0; i < 2; i++) {
                raw.request(HttpMethod.POST, loopback.address().port(), "127.0.0.1", Paths.READ)
                        .onSuccess(request -> {
                            request.response()
                                    .onSuccess(response -> response.handler(_ -> frames.incrementAndGet())
                                            .endHandler(_ -> bothEnded.countDown()));
                            request.end(oneRead(answerBytes));
                        });
            }

            assertThat(bothEnded.await(LoopbackStore.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(2 * answerBytes / frames.get())
                    .as("bytes in a frame, of which %s came", frames)
                    .isGreaterThan(16 << 10);
        }
    }

    private static Buffer oneRead(int bytesMax) {
        WireWriter body = new WireWriter(64);
        ReadCodec.writeRequests(body, new ReadCodec.Reads(List.of(new ReadRequest(PARTITION, 0, bytesMax)), bytesMax));
        return body.toBuffer();
    }

    @Test
    void aWriteBufferThatWouldNeverDrainIsRefused() {
        assertThatThrownBy(() -> new TransportOptions(
                        1 << 20, 1 << 20, 16 << 10, 1, 10, 1_000, 1, 1, 100, Duration.ofSeconds(1)))
                .hasMessageContaining("write buffer");
    }
}
