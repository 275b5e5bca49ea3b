package io.millrace.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.SplittableRandom;
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

    @Test
    void aWriteBufferThatWouldNeverDrainIsRefused() {
        assertThatThrownBy(() -> new TransportOptions(
                        1 << 20, 1 << 20, 16 << 10, 1, 10, 1_000, 1, 1, 100, Duration.ofSeconds(1)))
                .hasMessageContaining("write buffer");
    }
}
