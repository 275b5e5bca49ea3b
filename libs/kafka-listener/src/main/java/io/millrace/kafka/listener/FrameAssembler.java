package io.millrace.kafka.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// Makes frames of what the socket brings, each in a heap buffer of exactly its size: the only copy on the way in.
///
/// A length is checked before anything is allocated, and the allocation waits until the listener's budget has room.
/// It stops reading the socket while the connection's [Intake] is closed or that wait lasts; the rest of the last
/// read, at most one receive buffer, is kept.
///
/// Threads: the connection's event loop. Ownership: counted buffers are released in [#channelRead].
final class FrameAssembler extends ChannelInboundHandlerAdapter {

    /// The size, and the API key, which decides how large the frame may be.
    private static final int PREFIX_BYTES = Integer.BYTES + Short.BYTES;

    /// API key, version and correlation id.
    private static final int FRAME_BYTES_MIN = 8;

    /// How long a frame in whose memory others have to wait may be too slow.
    private static final long LAG_NANOS_MAX = 1_000_000_000;

    private final ListenerScope scope;
    private final Intake intake;
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private int prefixFill;
    private long frameStartedNanos;
    private boolean isLagging;
    private long laggingSinceNanos;
    private MemoryBudget.@Nullable Ticket ticket;
    private @Nullable ByteBuffer frame;
    private byte[] leftover = {};
    private boolean isPaused;
    private boolean isClosed;
    private @Nullable ChannelHandlerContext channel;

    FrameAssembler(ListenerScope scope, Intake intake) {
        this.scope = scope;
        this.intake = intake;
    }

    /// What the assembler asks of its connection, and tells it.
    interface Intake {
        boolean isOpen();

        void bytesArrived();

        void malformed(String reason);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            intake.bytesArrived();
            if (isPaused) {
                keep(bytes);
            } else {
                take(context, bytes);
            }
        } finally {
            bytes.release();
        }
    }

    /// Goes on reading if the connection lets it and the memory is there.
    void resume() {
        ChannelHandlerContext context = channel;
        if (context == null || isClosed || !isPaused || !mayGoOn()) {
            return;
        }
        isPaused = false;
        startClock();
        byte[] kept = leftover;
        leftover = new byte[0];
        take(context, Unpooled.wrappedBuffer(kept));
        // Vert.x holds writes back between a message and the end of the read that brought it.
        context.fireChannelReadComplete();
        if (!isPaused && !isClosed) {
            scope.events().readingResumed();
            context.channel().config().setAutoRead(true);
        }
    }

    /// True if a frame was begun and does not come to its end, or others wait for its memory and it lags.
    ///
    /// Lagging counts from the look that saw it first: after a pause of this process the bytes may be there,
    /// unread.
    boolean isStalled(long nowNanos) {
        if (prefixFill == 0 || isPaused) {
            return false;
        }
        long spentNanos = nowNanos - frameStartedNanos;
        boolean isInTheWay = isBehind(spentNanos) && scope.budget().isWaitedFor();
        if (!isInTheWay || !isLagging) {
            laggingSinceNanos = nowNanos;
        }
        isLagging = isInTheWay;
        return spentNanos > scope.options().frameTimeout().toNanos() || nowNanos - laggingSinceNanos >= LAG_NANOS_MAX;
    }

    /// True if the frame holds memory and less of it is here than a steady sender would have sent, who needs
    /// all the time that a frame may take.
    private boolean isBehind(long spentNanos) {
        if (ticket == null) {
            return false;
        }
        double arrived = frame == null ? Short.BYTES : frame.position();
        double size = ByteBuffer.wrap(prefix).getInt();
        return arrived / size
                < (double) spentNanos / scope.options().frameTimeout().toNanos();
    }

    private void startClock() {
        frameStartedNanos = scope.nanoTime();
        isLagging = false;
    }

    void close() {
        isClosed = true;
        leftover = new byte[0];
        frame = null;
        if (ticket != null) {
            scope.budget().cancel(ticket);
            ticket = null;
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf bytes) {
        while (bytes.isReadable() && mayGoOn()) {
            if (frame == null && ticket == null) {
                readPrefix(context, bytes);
            } else {
                fill(context, bytes);
            }
        }
        if (!isClosed && (bytes.isReadable() || !mayGoOn())) {
            pause(context, bytes);
        }
    }

    private boolean mayGoOn() {
        return !isClosed && intake.isOpen() && (ticket == null || scope.budget().isGranted(ticket));
    }

    private void readPrefix(ChannelHandlerContext context, ByteBuf bytes) {
        if (prefixFill == 0) {
            startClock();
        }
        int count = Math.min(bytes.readableBytes(), PREFIX_BYTES - prefixFill);
        bytes.readBytes(prefix, prefixFill, count);
        prefixFill += count;
        if (prefixFill == PREFIX_BYTES) {
            admit(context, ByteBuffer.wrap(prefix));
        }
    }

    private void admit(ChannelHandlerContext context, ByteBuffer head) {
        int size = head.getInt();
        short apiKey = head.getShort();
        int sizeMax = apiKey == ApiKeys.PRODUCE.id
                ? scope.options().maxFrameBytes()
                : scope.options().maxSmallFrameBytes();
        if (size < FRAME_BYTES_MIN || size > sizeMax) {
            intake.malformed("a frame of " + size + " bytes for API key " + apiKey + ", the limit is " + sizeMax);
            return;
        }
        ticket = scope.budget().reserve(size, () -> context.executor().execute(this::resume));
    }

    private void fill(ChannelHandlerContext context, ByteBuf bytes) {
        ByteBuffer target = frame == null ? begin() : frame;
        int count = Math.min(bytes.readableBytes(), target.remaining());
        bytes.readBytes(target.limit(target.position() + count));
        target.limit(target.capacity());
        if (!target.hasRemaining()) {
            // The connection gives the memory back when the request is answered.
            ticket = null;
            frame = null;
            prefixFill = 0;
            context.fireChannelRead(target.flip());
        }
    }

    private ByteBuffer begin() {
        ByteBuffer head = ByteBuffer.wrap(prefix);
        ByteBuffer whole = ByteBuffer.allocate(head.getInt()).putShort(head.getShort());
        frame = whole;
        return whole;
    }

    private void pause(ChannelHandlerContext context, ByteBuf bytes) {
        keep(bytes);
        isPaused = true;
        if (context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(false);
            scope.events().readingPaused();
        }
    }

    private void keep(ByteBuf bytes) {
        int kept = leftover.length;
        leftover = Arrays.copyOf(leftover, kept + bytes.readableBytes());
        bytes.readBytes(leftover, kept, leftover.length - kept);
    }
}
