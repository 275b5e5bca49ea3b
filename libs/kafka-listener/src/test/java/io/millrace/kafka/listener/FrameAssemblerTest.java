package io.millrace.kafka.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

final class FrameAssemblerTest {

    private static final int LARGE = 16 << 20;

    private final ListenerOptions options = ListenerOptions.defaults("test", "127.0.0.1", 0);
    private final ListenerScope scope = new ListenerScope(
            options, ApiRouter.builder(new RecordingEvents()).build(), new RecordingEvents(), this::now);
    private long nowNanos;

    @Test
    void aFrameWhoseMemoryNobodyWaitsForHasUntilItsTimeOut() {
        Sender lone = new Sender();
        lone.announce(LARGE);

        assertThat(lone.isStalledAfter(Duration.ofSeconds(1))).isFalse();
        assertThat(lone.isStalledAfter(Duration.ofSeconds(29))).isFalse();
        assertThat(lone.isStalledAfter(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void aFrameWhoseMemoryOthersWaitForMayNotLagForASecond() {
        Sender silent = fillsTheBudget();
        Sender waiting = new Sender();
        waiting.announce(LARGE);

        assertThat(silent.isStalledAfter(Duration.ofSeconds(5))).isFalse();
        assertThat(silent.isStalledAfter(Duration.ofMillis(900))).isFalse();
        assertThat(silent.isStalledAfter(Duration.ofMillis(100))).isTrue();
        assertThat(waiting.isStalledAfter(Duration.ZERO)).isFalse();
    }

    @Test
    void aFrameThatComesFastEnoughIsLeftAlone() {
        Sender steady = fillsTheBudget();
        new Sender().announce(LARGE);

        for (int i = 1; i < 30; i++) {
            steady.send(LARGE / 29);
            assertThat(steady.isStalledAfter(Duration.ofSeconds(1))).isFalse();
        }
    }

    @Test
    void whoIsClosedLetsTheNextOneIn() {
        Sender silent = fillsTheBudget();
        Sender waiting = new Sender();
        waiting.announce(LARGE);
        assertThat(scope.budget().isWaitedFor()).isTrue();

        silent.assembler.close();

        assertThat(scope.budget().isWaitedFor()).isFalse();
    }

    /// The first of those that leave no room for a further one.
    private Sender fillsTheBudget() {
        Sender first = new Sender();
        first.announce(LARGE);
        new Sender().announce(LARGE);
        new Sender().announce(LARGE);
        return first;
    }

    private long now() {
        return nowNanos;
    }

    private final class Sender implements FrameAssembler.Intake {

        private final FrameAssembler assembler = new FrameAssembler(scope, this);
        private final EmbeddedChannel channel = new EmbeddedChannel(assembler);

        void announce(int bytes) {
            ByteBuffer prefix = ByteBuffer.allocate(6)
                    .putInt(bytes)
                    .putShort(ApiKeys.PRODUCE.id)
                    .flip();
            channel.writeInbound(Unpooled.wrappedBuffer(prefix));
        }

        void send(int bytes) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[bytes]));
        }

        boolean isStalledAfter(Duration pause) {
            nowNanos += pause.toNanos();
            return assembler.isStalled(nowNanos);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void bytesArrived() {}

        @Override
        public void malformed(String reason) {
            throw new AssertionError(reason);
        }
    }
}
